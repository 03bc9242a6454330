import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { identity, signInError } from '../../identity.ts';
import { whole } from '../../language.ts';
import type { Stock } from '../../stock.ts';
import { isActive } from '../orders/order.ts';
import { moment, timeLeft } from '../parts/show-times.ts';
import { ticking } from '../parts/ticking.ts';
import { useSettling } from '../parts/use-settling.ts';
import { purchaseOf } from '../purchases/purchases.ts';
import {
  type DrawPhase,
  type DrawWords,
  describeEntry,
  type EntryDescription,
  type EntrySight,
  phaseOf,
} from './describe-entry.ts';
import { DrawProof, OtherStatement } from './draw-proof.tsx';
import { type DrawTextName, say } from './draw-texts.ts';
import type { Draw, Entry, MyEntry } from './draw-types.ts';
import './draws.css';
import { drawOf, enterAndFollow, followDraw } from './follow-draws.ts';
import { LeaveDialog } from './leave-dialog.tsx';
import { entryOf } from './my-entry.ts';

/** Characters of an entry's id that people compare. */
const SHORT_ID = 8;

export type DrawCardProps = {
  stock: Stock;
  /** The card's position in the list. */
  index: number;
  openAccount(): void;
};

/** The part of a stock's card for a buyer without an active order, where units go to entries. */
export function DrawCard({ stock, index, openAccount }: DrawCardProps) {
  const { sid, name } = stock;
  useEffect(() => followDraw(sid), [sid]);
  const asksToLeave = useSignal(false);
  const { value: mine } = entryOf(sid);
  const { value: followed } = drawOf(sid);
  const { value: purchase } = purchaseOf(sid);
  const ended = purchase.kind === 'order' && !isActive(purchase.order) ? purchase.order : null;
  const sight: EntrySight = { stock, mine, draw: followed.draw, ended, now: ticking };
  const description = describeEntry(sight);
  const entry = mine.kind === 'in' ? mine.entry : null;
  return (
    <>
      <div class="facts">
        <DrawFacts stock={stock} phase={phaseOf(sight)} />
        {entry?.state === 'waiting' && <MyFacts entry={entry} draw={followed.draw} />}
      </div>
      <EnterButton stock={stock} index={index} description={description} openAccount={openAccount} />
      <div class={`notes notes-${description.tone}`}>
        <p id={`note-${sid}`}>{words(description.note)}</p>
        {description.canLeave && (
          <button
            type="button"
            class="quiet"
            onClick={() => {
              asksToLeave.value = true;
            }}
          >
            {say('leave')}
            <span class="hidden-text">: {name}</span>
          </button>
        )}
      </div>
      <OtherStatement followed={followed} />
      {(followed.draw !== null || stock.mode !== 'rush') && (
        <DrawProof stock={stock} entry={entry} followed={followed} />
      )}
      <EntryNews name={name} mine={mine} isOver={phaseOf(sight) === 'over'} />
      {asksToLeave.value && (
        <LeaveDialog
          sid={sid}
          name={name}
          hasPlace={entry?.place != null}
          onClose={() => {
            asksToLeave.value = false;
          }}
        />
      )}
    </>
  );
}

function words({ text, values, leftMs, at }: DrawWords): string {
  const left = leftMs === undefined ? '' : timeLeft(leftMs);
  return say(text, { ...values, left, time: at ? moment(at, ticking()) : '' });
}

const BADGES: Record<DrawPhase, DrawTextName> = {
  before: 'badgeBefore',
  taking: 'badgeTaking',
  drawing: 'badgeDrawing',
  drawn: 'badgeDrawn',
  joining: 'badgeLine',
  over: 'badgeOver',
};

function DrawFacts({ stock, phase }: { stock: Stock; phase: DrawPhase }) {
  const { mode, count, opensAt, closesAt, entriesOpenAt = null, entriesCloseAt = null } = stock;
  const badge = mode === 'rush' && phase !== 'over' ? 'badgeSoldOut' : BADGES[phase];
  const times: Partial<Record<DrawPhase, [DrawTextName, string | null]>> = {
    before: ['entriesOpen', entriesOpenAt],
    taking: ['entriesClose', entriesCloseAt],
  };
  const sale: [DrawTextName, string | null] =
    opensAt !== null && ticking() < Date.parse(opensAt) ? ['saleOpens', opensAt] : ['saleEnds', closesAt];
  const [text, at] = times[phase] ?? sale;
  return (
    <p class="facts-line number">
      <span class={`badge ${phase === 'taking' || phase === 'joining' ? 'badge-open' : ''}`}>{say(badge)}</span>
      <span>{say('units', { count: whole(count) })}</span>
      {at !== null && phase !== 'over' && <span class="facts-end">{say(text, { time: moment(at, ticking()) })}</span>}
    </p>
  );
}

/** The entry's id before the draw; after it, how many are before its place. */
function MyFacts({ entry: { place, ahead, ticket }, draw }: { entry: Entry; draw: Draw | null }) {
  const id = ticket?.entryId.slice(0, SHORT_ID) ?? '';
  if (place === null)
    return (
      <p class="facts-line number" data-entry={id}>
        {draw?.entries == null ? say('entryKept', { id }) : say('entryOf', { id, n: whole(draw.entries) })}
      </p>
    );
  // The button says the place.
  const before = ahead === null ? '' : ahead === 0 ? say('aheadNone') : say('aheadMany', { n: whole(ahead) });
  return <p class="facts-line place number">{before}</p>;
}

type ButtonProps = DrawCardProps & { description: EntryDescription };

function EnterButton({ stock: { sid, name }, index, description, openAccount }: ButtonProps) {
  const { act, isBusy } = description.button;
  // It may have taken the place of the button that buys.
  const shownMs = useRef(performance.now());
  const isSettling = useSettling(act, index, 0, shownMs.current);
  const click = () => {
    if (isSettling() || act === 'none') return;
    if (!identity.value && signInError.value) openAccount();
    else void enterAndFollow(sid);
  };
  // Never `disabled`: a buyer who waits for the opening would lose the focus.
  return (
    <button
      type="button"
      class={`big big-${description.tone}`}
      aria-disabled={act === 'none' || isSettling()}
      data-busy={isBusy}
      aria-describedby={`note-${sid}`}
      data-act={act}
      onClick={click}
    >
      <span class="number">{words(description.button)}</span>
      <span class="hidden-text">: {name}</span>
    </button>
  );
}

/** Announces outcomes to screen readers. */
function EntryNews({ name, mine, isOver }: { name: string; mine: MyEntry; isOver: boolean }) {
  return (
    <p class="hidden-text" role="status">
      {newsOf(name, mine, isOver)}
    </p>
  );
}

function newsOf(name: string, mine: MyEntry, isOver: boolean): string {
  if (mine.kind === 'refused') return say('saysRefused', { name });
  if (mine.kind !== 'in') return '';
  const { state, place } = mine.entry;
  if (state === 'left') return say('saysLeft', { name });
  if (state !== 'waiting') return '';
  if (isOver) return say('saysMissed', { name });
  return place === null ? say('saysIn', { name }) : say('saysPlace', { name, place });
}
