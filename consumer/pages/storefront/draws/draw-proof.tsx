import type { ComponentChildren } from 'preact';
import { whole } from '../../language.ts';
import type { Stock } from '../../stock.ts';
import { moment } from '../parts/show-times.ts';
import { ticking } from '../parts/ticking.ts';
import { say } from './draw-texts.ts';
import type { Entry } from './draw-types.ts';
import type { FollowedDraw } from './follow-draws.ts';
import { isOtherStatement } from './kept-entries.ts';
import { saveStatement, saveTicket } from './save-proofs.ts';

type Props = { stock: Stock; entry: Entry | null; followed: FollowedDraw };

/** What was published of a draw, and how anyone checks it. */
export function DrawProof({ stock: { sid, name }, entry, followed: { draw, seen } }: Props) {
  const at = (iso: string | null) => (iso === null ? null : moment(iso, ticking()));
  return (
    <details class="proof">
      <summary>
        {say('proof')}
        <span class="hidden-text">: {name}</span>
      </summary>
      <p>{say('proofWhat')}</p>
      {draw && (
        <dl>
          <Fact name={say('stated')} value={draw.entries === null ? null : whole(draw.entries)} />
          <Fact name={say('root')} value={draw.root} isCode />
          <Fact name={say('statedAt')} value={at(draw.statedAt)} />
          <Fact name={say('seenFirst')} value={at(seen?.seenAt ?? null)} />
          {draw.drawnAt === null ? (
            <Fact name={say('drawAt')} value={at(draw.knownAt)} />
          ) : (
            <Fact name={say('drawnAt')} value={at(draw.drawnAt)} />
          )}
        </dl>
      )}
      {draw && draw.voidAttempts.length > 0 && <p>{say('voidAttempts', { n: draw.voidAttempts.length })}</p>}
      {entry?.ticket && <p>{say('ticketWhat')}</p>}
      <p class="proof-do">
        {entry?.ticket && (
          <button type="button" class="quiet" onClick={() => saveTicket(sid, name)}>
            {say('saveTicket')}
            <span class="hidden-text">: {name}</span>
          </button>
        )}
        {seen && (
          <button type="button" class="quiet" onClick={() => saveStatement(sid, seen)}>
            {say('saveStatement')}
            <span class="hidden-text">: {name}</span>
          </button>
        )}
        {draw && draw.root !== null && (
          <a href={`/api/v1/stocks/${sid}/draw/file`} download={`draw-${sid}.txt`}>
            {say('publicFile')}
            <span class="hidden-text">: {name}</span>
          </a>
        )}
        <a href="/verify">
          {say('verify')}
          <span class="hidden-text">: {name}</span>
        </a>
      </p>
    </details>
  );
}

/** Without a value: nothing. */
function Fact({ name, value, isCode = false }: { name: string; value: ComponentChildren; isCode?: boolean }) {
  if (value === null) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd class={isCode ? 'mono' : 'number'}>{value}</dd>
    </div>
  );
}

/** A statement that differs from the first one is said outside of the fold. */
export function OtherStatement({ followed: { draw, seen } }: { followed: FollowedDraw }) {
  const isOther = draw !== null && seen !== null && isOtherStatement(seen, draw);
  return (
    <p role="alert" class="other-statement trouble">
      {isOther && say('otherStatement', { time: moment(seen.seenAt, ticking()), root: seen.root.slice(0, 12) })}
    </p>
  );
}
