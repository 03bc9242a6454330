// Entries and draws as the API returns them.

import type { Entry } from '../../../client/api-types.ts';
import type { DrawView } from '../../../draws/draw-view.ts';

export type { Entry };

/** Proof of an entry. It says who entered, so it is never part of an address. */
export type Ticket = NonNullable<Entry['ticket']>;

/** What is public about a draw. */
export type Draw = DrawView;
export type DrawState = Draw['state'];

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
