import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { entryIdOf } from '../../proto/draws/entry-id-of.ts';
import { pause } from '../../proto/process/clock.ts';
import type { Database, Session, Transaction } from '../mysql/database.ts';
import { type Pace, realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { type Draw, type HeldDraw, lockDraw, readLatestDraw } from './draw-table.ts';
import { completeEntry, type Entry, type EntryKey, type EntryRow, readEntries, readEntryRows } from './entry-table.ts';

/**
 * ENTERED: the row is new, or its buyer had left before closing and came again. KNOWN: it is from earlier. PENDING: entries of a line are closed,
 * and its places are not drawn yet; who comes after that gets a place behind them.
 */
export type EntryOutcome = 'ENTERED' | 'KNOWN' | 'NOT_OPEN' | 'CLOSED' | 'PENDING' | 'NO_DRAW';

export type TakenEntry = { sid: number; buyer: string; outcome: EntryOutcome; entry: Entry | null };

export type TakeEntriesOptions = {
  /** Opens a line of a rush stock that is sold out. False: the stock has none. Absent: no stock gets one. */
  openLine?(sid: number): Promise<boolean>;
  pace?: Pace;
  /** Of the salts. Default: those of node:crypto. */
  randomBytes?(size: number): Buffer;
};

/** Of one call. */
export const MAX_ENTRIES = 500;
/** Each further one is after a draw that became void or began to give places, a line that ended, or an entry that changed. */
const MAX_TRIES = 5;
const PAUSE_MS = 10;

/** Draw or entries changed in each try. Nothing was changed by the call: it can be sent again. */
export class DrawChangedError extends Error {
  override name = 'DrawChangedError';
}

/**
 * Takes entries, in one transaction for each stock, and answers in the sequence of `keys`. A buyer has one row for each stock, so a repeat
 * changes nothing. An error says nothing about any of the entries: take them again.
 */
export async function takeEntries(
  database: Database,
  drawKey: string,
  keys: EntryKey[],
  options: TakeEntriesOptions = {},
): Promise<TakenEntry[]> {
  assert(keys.length <= MAX_ENTRIES, `at most ${MAX_ENTRIES} entries at once`);
  const bySid = new Map<number, Map<string, TakenEntry | null>>();
  for (const { sid, buyer } of keys) bySid.set(sid, (bySid.get(sid) ?? new Map()).set(buyer, null));
  for (const [sid, taken] of bySid) {
    // In one sequence, so that transactions with the same buyers wait for each other and do not deadlock.
    const buyers = [...taken.keys()].sort();
    for (const one of await takeOfStock(database, drawKey, sid, buyers, options)) taken.set(one.buyer, one);
  }
  return keys.map(({ sid, buyer }) => bySid.get(sid)?.get(buyer) as TakenEntry);
}

async function takeOfStock(
  database: Database,
  drawKey: string,
  sid: number,
  buyers: string[],
  { openLine, pace = realPace, ...rest }: TakeEntriesOptions,
): Promise<TakenEntry[]> {
  let mayOpen = true;
  for (let tries = 1; ; tries += 1) {
    const options = { drawKey, sid, buyers, mayOpen, randomBytes: rest.randomBytes ?? randomBytes };
    const taken = await repeatTransaction(database, (transaction) => take(transaction, options), pace);
    if (taken !== 'NO_LINE' && taken !== 'CHANGED') return taken;
    if (tries >= MAX_TRIES) throw new DrawChangedError(`the draw of stock ${sid} changed in each of ${tries} tries`);
    if (taken === 'NO_LINE') mayOpen = (await openLine?.(sid)) ?? false;
    else await pause(pace.clock, PAUSE_MS * tries * (0.5 + pace.random()));
  }
}

type TakeOptions = {
  drawKey: string;
  sid: number;
  buyers: string[];
  /** False: the stock gets no line, so who has no entry is refused. */
  mayOpen: boolean;
  randomBytes(size: number): Buffer;
};

/**
 * NO_LINE: there is no draw, or the line has ended, and some want to enter. CHANGED: between the read and the lock another attempt began, or
 * the draw began to give places, or an entry changed.
 */
async function take(
  transaction: Transaction,
  { drawKey, sid, buyers, mayOpen, randomBytes }: TakeOptions,
): Promise<TakenEntry[] | 'NO_LINE' | 'CHANGED'> {
  const read = await readLatestDraw(transaction, sid);
  if (!read) return transaction.rollBack(mayOpen ? 'NO_LINE' : refuse(sid, buyers, 'NO_DRAW'));
  const givesPlaces = doesGivePlaces(read);
  const held = await lockDraw(transaction, read, givesPlaces ? 'update' : 'share');
  // The lock waits for a worker that closes, states or draws. The draw cannot change afterwards.
  const draw = held.state === read.state ? read : await readLatestDraw(transaction, sid);
  if (draw?.attempt !== read.attempt || doesGivePlaces(draw) !== givesPlaces) return transaction.rollBack('CHANGED');
  const known = new Map((await readEntryRows(transaction, sid, buyers)).map((row) => [row.buyer, row]));
  const outcome = judge(draw, held, givesPlaces);
  const wanting = buyers.filter((buyer) => mayEnter(known.get(buyer)));
  if (outcome === 'NO_LINE' && mayOpen && wanting.length > 0) return transaction.rollBack('NO_LINE');
  const isTaking = outcome === 'ENTERED';
  const rows = isTaking
    ? await enter(transaction, { draw, held, givesPlaces, known, wanting, randomBytes })
    : new Map<string, EntryRow>();
  const earlier = rows && (await readEarlier(transaction, draw, [...known.values()], drawKey));
  if (!rows || !earlier) return transaction.rollBack('CHANGED');
  const lastPlace = held.lastPlace + (givesPlaces ? rows.size : 0);
  return buyers.map((buyer) => {
    const row = rows.get(buyer) ?? known.get(buyer);
    if (!row || (!isTaking && mayEnter(row))) {
      return { sid, buyer, outcome: outcome === 'NO_LINE' ? 'NO_DRAW' : outcome, entry: null };
    }
    const { drawId, offeredPlace } = draw;
    const entry = earlier.get(buyer) ?? completeEntry(row, { drawId, offeredPlace, lastPlace }, drawKey);
    return { sid, buyer, outcome: rows.has(buyer) ? 'ENTERED' : 'KNOWN', entry };
  });
}

/** A place is given behind the draw, to one transaction after another. */
function doesGivePlaces({ state, mode }: Draw): boolean {
  return state === 'drawn' && mode !== 'draw';
}

function judge(draw: Draw, held: HeldDraw, givesPlaces: boolean): EntryOutcome | 'NO_LINE' {
  if (held.isEnded) return draw.mode === 'rush' ? 'NO_LINE' : 'CLOSED';
  if (givesPlaces) return draw.isSaleClosed ? 'CLOSED' : 'ENTERED';
  if (held.state !== 'taking' || held.isDue) return draw.mode === 'draw' || draw.isSaleClosed ? 'CLOSED' : 'PENDING';
  return held.isOpened ? 'ENTERED' : 'NOT_OPEN';
}

/** A buyer who left before his draw closed may come again. Any other entry is once. */
function mayEnter(row: EntryRow | undefined): boolean {
  return row === undefined || row.attempt === 0;
}

/**
 * The entries whose id is of another attempt than the latest: of a line that ended, or of a void attempt until they get the next one's id. Draw,
 * places and ticket are those of their own attempt. Null: one of them was erased in the meantime.
 */
async function readEarlier(
  session: Session,
  { sid, attempt }: Draw,
  known: EntryRow[],
  drawKey: string,
): Promise<Map<string, Entry> | null> {
  const keys = known.filter((row) => !mayEnter(row) && row.attempt !== attempt).map(({ buyer }) => ({ sid, buyer }));
  const entries = await readEntries(session, keys, drawKey);
  return entries.length === keys.length ? new Map(entries.map((entry) => [entry.buyer, entry])) : null;
}

type Entering = {
  draw: Draw;
  held: HeldDraw;
  givesPlaces: boolean;
  known: Map<string, EntryRow>;
  wanting: string[];
  randomBytes(size: number): Buffer;
};

/** Null: one of them came again by another call. */
async function enter(session: Session, entering: Entering): Promise<Map<string, EntryRow> | null> {
  const { draw, held, givesPlaces, known, wanting } = entering;
  const { sid, attempt, drawId } = draw;
  const salts = entering.randomBytes(32 * wanting.length);
  const rows = new Map<string, EntryRow>();
  wanting.forEach((buyer, i) => {
    const salt = salts.subarray(32 * i, 32 * (i + 1));
    const entryId = Buffer.from(entryIdOf(drawId, buyer, salt));
    const place = givesPlaces ? held.lastPlace + i + 1 : null;
    const [state, orderNo] = ['waiting' as const, null];
    rows.set(buyer, { sid, buyer, entryId, salt, attempt, state, enteredAtMs: held.readAtMs, place, orderNo });
  });
  if (rows.size === 0) return rows;
  if (givesPlaces) {
    await session.change('UPDATE draw SET last_place = last_place + ? WHERE sid = ? AND attempt = ?', [
      rows.size,
      sid,
      attempt,
    ]);
  }
  const again = [...rows.values()].filter(({ buyer }) => known.has(buyer));
  const fresh = [...rows.values()].filter(({ buyer }) => !known.has(buyer));
  if (fresh.length > 0) {
    await session.change('INSERT INTO entry (sid, entry_id, attempt, buyer, salt, entered_at, place) VALUES ?', [
      fresh.map((row) => [sid, row.entryId, attempt, row.buyer, row.salt, new Date(row.enteredAtMs), row.place]),
    ]);
  }
  for (const row of again) if (!(await comeAgain(session, row))) return null;
  return rows;
}

async function comeAgain(session: Session, row: EntryRow): Promise<boolean> {
  const { sid, buyer, entryId, salt, attempt, enteredAtMs, place } = row;
  const changed = await session.change(
    `UPDATE entry SET entry_id = ?, salt = ?, attempt = ?, state = 'waiting', entered_at = ?, place = ?, ended_at = NULL
     WHERE sid = ? AND buyer = ? AND attempt = 0`,
    [entryId, salt, attempt, new Date(enteredAtMs), place, sid, buyer],
  );
  return changed === 1;
}

function refuse(sid: number, buyers: string[], outcome: EntryOutcome): TakenEntry[] {
  return buyers.map((buyer) => ({ sid, buyer, outcome, entry: null }));
}
