// Entries and draws as the API returns them.

/** Proof of an entry. It says who entered, so it is never part of an address. */
export type Ticket = { drawId: string; entryId: string; salt: string; signature: string };

export type Entry = {
  sid: string;
  /** `offered`: its turn came; `orderNo` is the offer. */
  state: 'waiting' | 'offered' | 'left';
  enteredAt: string;
  /** Null: before the draw. */
  place: number | null;
  /** At most so many entries have their turn before this one. */
  ahead: number | null;
  /** When the draw is expected. */
  knownAt: string | null;
  orderNo: string | null;
  ticket: Ticket | null;
};

export type DrawState = 'taking' | 'closed' | 'stated' | 'drawn' | 'void';

/** What is public about a draw. */
export type Draw = {
  sid: string;
  attempt: number;
  state: DrawState;
  drawId: string;
  entriesCloseAt: string;
  /** When the places are expected to be drawn; null: they are. */
  knownAt: string | null;
  /** Of the statement, as root and seed. */
  entries: number | null;
  root: string | null;
  seed: string | null;
  statement: string | null;
  statedAt: string | null;
  drawnAt: string | null;
  lastPlace: number;
  offeredPlace: number;
  /** When the line ended. */
  endedAt: string | null;
  voidAttempts: { attempt: number }[];
};

/** A statement as this browser saw it first: `flash-sale draw verify --seen` reads it. */
export type SeenStatement = Pick<Draw, 'attempt' | 'drawId' | 'entries' | 'seed'> & {
  root: string;
  statement: string;
  seenAt: string;
};

/** What this page knows about the buyer's entry. */
export type MyEntry =
  | { kind: 'none' }
  /** Sent, no answer yet. */
  | { kind: 'entering' }
  | { kind: 'leaving'; entry: Entry }
  /** Sends again at `atMs` of the shop's clock. */
  | { kind: 'repeating'; atMs: number }
  | { kind: 'in'; entry: Entry; leaveFailed: boolean }
  /** With `cooldown` its end. */
  | { kind: 'refused'; why: EntryRefusal; until?: string };

export type EntryRefusal =
  | 'not_open'
  | 'entries_closed'
  | 'cooldown'
  | 'signed_out'
  | 'forbidden'
  | 'no_draw'
  | 'given_up';
