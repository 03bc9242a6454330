import type { Stock } from '../../stock.ts';
import type { Order } from '../orders/order.ts';
import { stateNow } from '../purchases/describe-purchase.ts';
import type { DrawTextName } from './draw-texts.ts';
import type { Draw, Entry, MyEntry } from './draw-types.ts';

/**
 * `drawing`: entries are closed, no place is known. `drawn`: nobody can enter any more. `joining`: who comes now is drawn among the late ones
 * or gets the next place. `over`: the sale has ended.
 */
export type DrawPhase = 'before' | 'taking' | 'drawing' | 'drawn' | 'joining' | 'over';

export type DrawWords = {
  text: DrawTextName;
  values?: Record<string, string | number>;
  /** The value of `{left}`. */
  leftMs?: number;
  /** The value of `{time}`. */
  at?: string | null | undefined;
};

export type EntryDescription = {
  button: DrawWords & { act: 'enter' | 'none'; isBusy: boolean };
  note: DrawWords;
  tone: 'plain' | 'have' | 'trouble';
  canLeave: boolean;
};

/** What the card says. `ended`: the order of the offer, after it ended. `now` is called only if the time matters. */
export type EntrySight = { stock: Stock; mine: MyEntry; draw: Draw | null; ended: Order | null; now: () => number };

export function phaseOf({ stock, draw, now }: Pick<EntrySight, 'stock' | 'draw' | 'now'>): DrawPhase {
  if (stateNow(stock, now) === 'closed') return 'over';
  if (draw?.state === 'drawn') return stock.mode === 'draw' ? 'drawn' : 'joining';
  if (draw?.state === 'closed' || draw?.state === 'stated') return 'drawing';
  const { entriesOpenAt } = stock;
  if (entriesOpenAt && now() < Date.parse(entriesOpenAt)) return 'before';
  // After a rush, the first who joins starts the draw.
  const closesAt = closesAtOf(stock, draw);
  if (closesAt && now() >= Date.parse(closesAt)) return 'drawing';
  return stock.mode === 'rush' ? 'joining' : 'taking';
}

/** When entries close. The times of a line after a rush are its draw's alone. */
function closesAtOf({ entriesCloseAt }: Stock, draw: Draw | null): string | null {
  return entriesCloseAt ?? draw?.entriesCloseAt ?? null;
}

export function describeEntry(sight: EntrySight): EntryDescription {
  const { mine, now } = sight;
  switch (mine.kind) {
    case 'none':
      return describeOutside(sight);
    case 'entering':
      return waiting({ text: 'entering' }, { text: 'noteEntering' });
    case 'repeating': {
      const seconds = Math.max(0, Math.ceil((mine.atMs - now()) / 1000));
      return waiting({ text: 'againIn', values: { seconds } }, { text: 'noteBusy' });
    }
    case 'leaving':
      return waiting({ text: 'leaving' }, { text: 'noteEntering' });
    case 'refused':
      return describeRefusal(sight, mine);
    case 'in': {
      const inside = describeInside(sight, mine.entry);
      return mine.leaveFailed ? { ...inside, note: { text: 'leaveFailed' }, tone: 'trouble' } : inside;
    }
    default:
      return mine satisfies never;
  }
}

/** For a buyer without an entry. */
function describeOutside(sight: EntrySight): EntryDescription {
  const { stock, draw, now } = sight;
  const phase = phaseOf(sight);
  const { entriesOpenAt } = stock;
  const at = closesAtOf(stock, draw);
  switch (phase) {
    case 'before':
      return idle({ text: 'opensIn', leftMs: Date.parse(entriesOpenAt ?? '') - now() }, { text: 'noteBefore' });
    case 'taking':
      return offer('enterDraw', { text: 'noteTaking', at });
    case 'drawing':
      return idle({ text: 'entriesClosed' }, { text: stock.mode === 'draw' ? 'noteDrawingOut' : 'noteLineSoon' });
    case 'drawn':
      return idle({ text: 'entriesClosed' }, { text: 'noteDrawnOut' });
    case 'joining':
      if (stock.mode !== 'rush') return offer('joinLine', { text: 'noteJoin' });
      // Only while those who come are drawn among themselves.
      if (draw?.state === 'taking' && at) return offer('joinLine', { text: 'noteJoinUntil', at });
      return offer('joinLine', { text: 'noteJoinRush' });
    case 'over':
      return idle({ text: overOf(stock) }, { text: 'noteOver' });
    default:
      return phase satisfies never;
  }
}

type Refused = Extract<MyEntry, { kind: 'refused' }>;

function describeRefusal(sight: EntrySight, { why, until }: Refused): EntryDescription {
  const outside = describeOutside(sight);
  const trouble = (note: DrawTextName): EntryDescription => ({ ...offer('tryAgain', { text: note }), tone: 'trouble' });
  switch (why) {
    case 'not_open':
      return { ...outside, note: { text: 'noteNotOpen' } };
    case 'entries_closed':
      return { ...outside, note: { text: 'noteTooLate' } };
    case 'cooldown':
      return { ...outside, note: { text: 'noteCooldown', at: until } };
    case 'no_draw':
      return idle({ text: overOf(sight.stock) }, { text: 'noteNoDraw' });
    case 'signed_out':
      return trouble('noteSignedOut');
    case 'forbidden':
      return trouble('noteForbidden');
    case 'given_up':
      return trouble('noteGivenUp');
    default:
      return why satisfies never;
  }
}

function describeInside(sight: EntrySight, entry: Entry): EntryDescription {
  const { stock, draw, ended } = sight;
  const phase = phaseOf(sight);
  if (entry.state === 'offered') return describeTurn(ended);
  if (entry.state === 'left') {
    const mayReturn = phase === 'taking' || (phase === 'joining' && draw?.state === 'taking');
    if (!mayReturn) return idle({ text: 'youLeft' }, { text: 'noteLeftFinal' });
    return offer(stock.mode === 'rush' ? 'joinLine' : 'enterDraw', { text: 'noteLeft', at: closesAtOf(stock, draw) });
  }
  if (phase === 'over') return idle({ text: overOf(stock) }, { text: 'noteMissed' });
  return { ...describeWaiting(sight, entry, phase), tone: 'have', canLeave: true };
}

function describeWaiting({ stock, draw, now }: EntrySight, entry: Entry, phase: DrawPhase): EntryDescription {
  const { place } = entry;
  const knownAt = entry.knownAt ?? draw?.knownAt ?? null;
  const isIn = { text: stock.mode === 'rush' ? 'youAreInLine' : 'youAreIn' } as const;
  if (place !== null) {
    const button = { text: 'yourPlace', values: { place } } as const;
    const sale = stateNow(stock, now);
    if (sale === 'upcoming') return idle(button, { text: 'noteBeforeSale', at: stock.opensAt });
    return idle(button, { text: sale === 'paused' ? 'notePaused' : 'noteWaiting' });
  }
  if (draw?.state === 'drawn') return idle(isIn, { text: 'notePlaceSoon' });
  if (phase !== 'drawing') return idle(isIn, { text: 'noteIn', at: closesAtOf(stock, draw) });
  if (draw?.state !== 'stated') return idle(isIn, { text: 'noteCounting' });
  const leftMs = knownAt ? Date.parse(knownAt) - now() : 0;
  return idle(leftMs > 0 ? { text: 'drawIn', leftMs } : { text: 'drawNow' }, { text: 'noteStated' });
}

/** Its offer had its time. Null: the order is not read yet. */
function describeTurn(ended: Order | null): EntryDescription {
  if (ended === null) return { ...waiting({ text: 'yourTurn' }, { text: 'noteYourTurn' }), tone: 'have' };
  const { state, payments = [] } = ended;
  if (payments.some((payment) => payment.state === 'refund_due'))
    return idle({ text: 'turnOver' }, { text: 'noteRefundDue' });
  const note = { cancelled: 'noteCancelled', refunded: 'noteRefunded' } as const;
  return idle(
    { text: 'turnOver' },
    { text: state === 'cancelled' || state === 'refunded' ? note[state] : 'noteExpired' },
  );
}

const overOf = ({ mode }: Stock) => (mode === 'draw' ? 'drawOver' : 'lineOver');

function offer(text: DrawTextName, note: DrawWords): EntryDescription {
  return { button: { text, act: 'enter', isBusy: false }, note, tone: 'plain', canLeave: false };
}

function idle(button: DrawWords, note: DrawWords): EntryDescription {
  return { button: { ...button, act: 'none', isBusy: false }, note, tone: 'plain', canLeave: false };
}

function waiting(button: DrawWords, note: DrawWords): EntryDescription {
  return { button: { ...button, act: 'none', isBusy: true }, note, tone: 'plain', canLeave: false };
}
