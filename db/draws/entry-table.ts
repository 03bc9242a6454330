import { signTicket } from '../../proto/draws/sign-draw.ts';
import type { Session } from '../mysql/database.ts';
import type { Draw } from './draw-table.ts';

/** `offered`: it had its turn. `left`: the buyer left, or had an active order when his turn came. */
export type EntryState = 'waiting' | 'offered' | 'left';

export type EntryKey = { sid: number; buyer: string };

/** What is stored of an entry. */
export type EntryRow = EntryKey & {
  entryId: Uint8Array;
  salt: Uint8Array;
  /** The draw that has this id. 0: it left before its draw closed, and is in no draw. */
  attempt: number;
  state: EntryState;
  enteredAtMs: number;
  /** Null: before the draw. */
  place: number | null;
  /** Of the offer. */
  orderNo: string | null;
};

export type Entry = EntryRow & {
  /** Of its attempt; with attempt 0, of the latest. */
  drawId: Uint8Array;
  /** Of its draw. */
  offeredPlace: number;
  lastPlace: number;
  /** The shop's signature of the id. Absent: no key, or the entry is in no draw. */
  ticket?: Uint8Array;
};

type StoredEntry = Omit<EntryRow, 'enteredAtMs'> & { enteredAt: Date };

const COLUMNS = `e.sid, e.buyer, e.entry_id AS entryId, e.salt, e.attempt, e.state, e.entered_at AS enteredAt, e.place,
  e.order_no AS orderNo`;

/** Reads the rows of some buyers of one stock. */
export async function readEntryRows(session: Session, sid: number, buyers: string[]): Promise<EntryRow[]> {
  const sql = `SELECT ${COLUMNS} FROM entry e WHERE e.sid = ? AND e.buyer IN (?)`;
  return (await session.rows<StoredEntry>(sql, [sid, buyers])).map(({ enteredAt, ...row }) => ({
    ...row,
    enteredAtMs: enteredAt.getTime(),
  }));
}

type JoinedEntry = StoredEntry & Pick<Draw, 'drawId' | 'offeredPlace' | 'lastPlace'>;

/** Entries that are not there are left out. `drawKey`: DRAW_KEY, for the tickets; empty: none. */
export async function readEntries(session: Session, keys: EntryKey[], drawKey = ''): Promise<Entry[]> {
  if (keys.length === 0) return [];
  const sql = `SELECT ${COLUMNS}, d.draw_id AS drawId, d.offered_place AS offeredPlace, d.last_place AS lastPlace
    FROM entry e JOIN draw d ON d.sid = e.sid
      AND d.attempt = IF(e.attempt > 0, e.attempt, (SELECT MAX(l.attempt) FROM draw l WHERE l.sid = e.sid))
    WHERE (e.sid, e.buyer) IN (?)`;
  const pairs = keys.map(({ sid, buyer }) => [sid, buyer]);
  return (await session.rows<JoinedEntry>(sql, [pairs])).map(({ enteredAt, drawId, offeredPlace, lastPlace, ...row }) =>
    completeEntry({ ...row, enteredAtMs: enteredAt.getTime() }, { drawId, offeredPlace, lastPlace }, drawKey),
  );
}

/** An entry as buyers see it. */
export function completeEntry(
  row: EntryRow,
  draw: Pick<Draw, 'drawId' | 'offeredPlace' | 'lastPlace'>,
  drawKey: string,
): Entry {
  const { drawId, offeredPlace, lastPlace } = draw;
  const entry: Entry = { ...row, drawId, offeredPlace, lastPlace };
  if (drawKey !== '' && row.attempt > 0) entry.ticket = signTicket(drawKey, drawId, row.entryId);
  return entry;
}

/** Leaves of the tree of a draw: all its entries but those that joined a line behind it. */
const LEAVES = 'e.attempt = ? AND (e.place IS NULL OR e.place <= COALESCE(?, 0))';

export type EntryIdPage = Pick<Draw, 'sid' | 'attempt' | 'entryCount'> & {
  /** The last id of the page before. Null: the first page. */
  afterId: Uint8Array | null;
  /** Only those whose entries left after closing. */
  leftOnly?: boolean;
  limit: number;
};

/** The ids that the public file of a draw lists, ascending. */
export async function readEntryIds(session: Session, page: EntryIdPage): Promise<Uint8Array[]> {
  const { sid, attempt, entryCount, afterId, leftOnly = false, limit } = page;
  const rows = await session.rows<{ entryId: Buffer }>(
    `SELECT e.entry_id AS entryId FROM entry e WHERE e.sid = ? AND ${afterId ? 'e.entry_id > ?' : 'TRUE'} AND ${LEAVES}
       ${leftOnly ? `AND e.state = 'left'` : ''} ORDER BY e.entry_id LIMIT ?`,
    [sid, ...(afterId ? [Buffer.from(afterId)] : []), attempt, entryCount, limit],
  );
  return rows.map(({ entryId }) => entryId);
}

/** Entries of all attempts of a stock. */
export type EntryCounts = { waiting: number; offered: number; left: number; enteredLastMinute: number };

/** Reads all entries of the stock. */
export async function summarizeEntries(session: Session, sid: number): Promise<EntryCounts> {
  const [row] = await session.rows<Record<keyof EntryCounts, number | string | null>>(
    `SELECT SUM(state = 'waiting') AS waiting, SUM(state = 'offered') AS offered, SUM(state = 'left') AS \`left\`,
       SUM(entered_at > NOW(3) - INTERVAL 60 SECOND) AS enteredLastMinute FROM entry WHERE sid = ?`,
    [sid],
  );
  const count = (value: number | string | null | undefined) => Number(value ?? 0);
  const { waiting, offered, left, enteredLastMinute } = row ?? {};
  return {
    waiting: count(waiting),
    offered: count(offered),
    left: count(left),
    enteredLastMinute: count(enteredLastMinute),
  };
}
