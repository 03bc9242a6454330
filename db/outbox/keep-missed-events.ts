import { partitionOf } from '../../proto/kafka/partition-of.ts';
import type { Database, Session } from '../mysql/database.ts';
import { keepOrderEvents } from '../orders/order-event-table.ts';
import { CONFIRMED_STATES } from '../orders/order-states.ts';
import { CONFIRMED_COLUMNS, type ConfirmedOrder, type ConfirmedRow, toConfirmedOrder } from './confirmed-orders.ts';
import { type EventMark, readEventMarks } from './event-marks.ts';

const STOCKS = 200;
const PAGE = 1000;
const STATEMENT_MS = 30_000;
/** Longest time between a decision and the move of the mark behind which it is. */
const MARK_LAG_MS = 10_000;
/** A mark that has not moved for this time has no live worker behind it. */
const STUCK_MS = 60_000;
const LAST_MS = Date.UTC(9999, 0);

/**
 * Reads the orders that the log decided at or beyond a mark, in pages. Their events may be unpublished. `beforeMs`: only those decided
 * before, in milliseconds since 1970 (UTC).
 */
export async function readBeyondMark(
  database: Database,
  mark: EventMark,
  onPage: (session: Session, orders: ConfirmedOrder[]) => Promise<void>,
  beforeMs = LAST_MS,
): Promise<void> {
  await database.withStatementMs(STATEMENT_MS).session(async (session) => {
    const stocks = await session.rows<{ id: number }>(`SELECT id FROM stock WHERE kind = 'sale' ORDER BY id`);
    const sids = stocks.map(({ id }) => id).filter((sid) => partitionOf(sid) === mark.partition);
    for (let first = 0; first < sids.length; first += STOCKS) {
      await readOfStocks(session, sids.slice(first, first + STOCKS), mark, beforeMs, onPage);
    }
  });
}

async function readOfStocks(
  session: Session,
  sids: number[],
  { partition, next, sinceMs, movedAtMs }: EventMark,
  beforeMs: number,
  onPage: (session: Session, orders: ConfirmedOrder[]) => Promise<void>,
): Promise<void> {
  const fromMs = Math.max(sinceMs, movedAtMs - MARK_LAG_MS);
  for (let after = ''; ; ) {
    const rows = await session.rows<ConfirmedRow>(
      `SELECT ${CONFIRMED_COLUMNS} FROM stock_order o FORCE INDEX (by_stock) JOIN stock s ON s.id = o.sid
       WHERE o.sid IN (?) AND o.create_time >= ? AND o.create_time < ? AND o.decided_by = 'log' AND o.state IN ${CONFIRMED_STATES}
         AND o.log_partition = ? AND o.log_offset >= ? AND o.order_no > ? ORDER BY o.order_no LIMIT ?`,
      [sids, new Date(fromMs), new Date(beforeMs), partition, String(next), after, PAGE],
    );
    if (rows.length > 0) await onPage(session, rows.map(toConfirmedOrder));
    if (rows.length < PAGE) return;
    after = rows.at(-1)?.orderNo ?? after;
  }
}

export type MissedEventsLimits = {
  /** Only orders that were decided before, in milliseconds since 1970 (UTC). */
  beforeMs?: number;
  /** Only orders before this offset. */
  to?: bigint;
};

/** Writes a row for the event `confirmed` of each order at or beyond the mark that has none. Resolves with the number of orders. */
export async function keepMissedEvents(
  database: Database,
  mark: EventMark,
  { beforeMs, to }: MissedEventsLimits = {},
): Promise<number> {
  let kept = 0;
  const keep = async (session: Session, orders: ConfirmedOrder[]) => {
    const missed = orders.filter(({ offset }) => to === undefined || offset < to);
    await keepOrderEvents(
      session,
      missed.map(({ event }) => event),
    );
    kept += missed.length;
  };
  await readBeyondMark(database, mark, keep, beforeMs);
  return kept;
}

/** Writes rows for events that no worker publishes: its process has ended, and the log has lost their records. */
export async function keepStuckEvents(database: Database, orderTopic: string): Promise<void> {
  const marks = await database.session((session) => readEventMarks(session, orderTopic));
  for (const mark of marks.values()) {
    const beforeMs = mark.readAtMs - STUCK_MS;
    if (mark.movedAtMs < beforeMs) await keepMissedEvents(database, mark, { beforeMs });
  }
}
