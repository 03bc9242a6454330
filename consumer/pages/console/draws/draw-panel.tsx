import { useEffect } from 'preact/hooks';
import { whole } from '../../language.ts';
import { serverNowMs } from '../../server-clock.ts';
import { goesToEntries } from '../../stock.ts';
import { Fact } from '../parts/fact.tsx';
import { dateTime, NONE } from '../parts/formats.ts';
import { Fault, Panel } from '../parts/panel.tsx';
import { chosenSid } from '../stocks/stock-events.ts';
import { stocks } from '../stocks/stocks.ts';
import { drawStateText, translate } from '../texts/translate.ts';
import { type AdminDraw, adminDraw, drawFault, followAdminDraw } from './admin-draws.ts';

/** The draw and the line of the chosen stock; nothing where its units do not go to entries. */
export function DrawPanel() {
  useEffect(() => followAdminDraw(), []);
  const stock = (stocks.value ?? []).find(({ sid }) => sid === chosenSid.value);
  if (!stock || !goesToEntries(stock)) return null;
  const draw = adminDraw.value;
  return (
    <Panel title={translate('drawTitle')} id="draw-title" aside={isRead(draw) && <State draw={draw} />}>
      {isRead(draw) && <Facts draw={draw} isLine={stock.mode !== 'draw'} />}
      {draw === 'none' && <p class="empty">{translate('drawNone')}</p>}
      {draw === null && <p class="empty">{translate('loading')}</p>}
      <Fault error={drawFault.value} />
    </Panel>
  );
}

const isRead = (draw: AdminDraw | 'none' | null): draw is AdminDraw => draw !== null && draw !== 'none';

function State({ draw: { state, entriesOpenAt, endedAt } }: { draw: AdminDraw }) {
  const isBefore = state === 'taking' && serverNowMs() < Date.parse(entriesOpenAt);
  const name = endedAt !== null ? 'ended' : isBefore ? 'before' : state;
  return <span class={`state ${name === 'taking' || name === 'drawn' ? 'is-open' : ''}`}>{drawStateText(name)}</span>;
}

function Facts({ draw, isLine }: { draw: AdminDraw; isLine: boolean }) {
  const { sid, waiting, offered, left, offeredPlace, lastPlace, reachesAtMost, voidAttempts } = draw;
  const at = (iso: string | null) => (iso === null ? NONE : dateTime(iso));
  const places = { offered: whole(offeredPlace), last: whole(lastPlace) };
  return (
    <>
      <dl class="facts">
        <Fact name={translate('drawEntries')} value={whole(waiting + offered + left)} />
        <Fact name={translate('drawPerMinute')} value={whole(draw.enteredLastMinute)} />
        <Fact name={translate('drawWaiting')} value={whole(waiting)} />
        <Fact name={translate('drawOffered')} value={whole(offered)} />
        <Fact name={translate('drawLeft')} value={whole(left)} />
        <Fact name={translate('drawPlaces')} value={lastPlace === 0 ? NONE : translate('drawPlacesOf', places)} />
        {isLine && reachesAtMost !== null && (
          <Fact name={translate('drawReach')} value={translate('drawReachPeople', { n: whole(reachesAtMost) })} />
        )}
        <Fact name={translate('drawAttempt')} value={whole(draw.attempt)} />
        <Fact name={translate('drawVoid')} value={whole(voidAttempts.length)} />
        {draw.drawnAt === null ? (
          <Fact name={translate('drawKnownAt')} value={at(draw.knownAt)} />
        ) : (
          <Fact name={translate('drawnAt')} value={at(draw.drawnAt)} />
        )}
        <Fact name={translate('drawStatedAt')} value={at(draw.statedAt)} />
      </dl>
      <dl class="facts draw-digests">
        <Fact name={translate('drawBeacon')} value={beaconText(draw.beacon)} />
        <Fact name={translate('drawId')} value={draw.drawId} />
        <Fact name={translate('drawRoot')} value={draw.root ?? NONE} />
        <Fact name={translate('drawSignature')} value={draw.statement ?? NONE} />
      </dl>
      {voidAttempts.length > 0 && (
        <ul class="void-attempts">
          {voidAttempts.map(({ attempt, reason }) => (
            <li key={attempt}>{translate('drawVoidOne', { attempt, reason })}</li>
          ))}
        </ul>
      )}
      {draw.statedAt !== null && (
        <p class="inline">
          <a href={`/api/v1/stocks/${sid}/draw/file`} download={`draw-${sid}.txt`}>
            {translate('drawFile')}
          </a>
          <a href="/verify">{translate('drawCheck')}</a>
        </p>
      )}
    </>
  );
}

function beaconText(beacon: AdminDraw['beacon']): string {
  if (beacon === null) return translate('drawBeaconNone');
  const { round, randomness } = beacon;
  return randomness === null
    ? translate('drawBeaconRound', { round })
    : translate('drawBeaconKnown', { round, randomness });
}
