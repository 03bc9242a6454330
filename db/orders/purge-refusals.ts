import assert from 'node:assert/strict';
import type { Database, Session } from '../mysql/database.ts';
import { MIN_KEPT_DAYS } from '../stocks/purge-rules.ts';
import { CONFIRMED_STATES, decisionOf, type OrderState } from './order-states.ts';

export type PurgeOptions = {
  keepDays: number;
  /** Maximum number of rows deleted at once (1,000), so that their locks are short. */
  batch?: number;
  /** Called after each batch. */
  onProgress?(purged: Purged): void;
  shouldStop?(): boolean;
};

export type Purged = { orders: number; events: number; requests: number };

const BATCH = 1000;
const STOCK_PAGE = 1000;
/** How long the answers to requests with an Idempotency-Key are kept. */
const KEEP_REQUESTS_HOURS = 24;

/**
 * Deletes refusals (sold out, duplicate, refused by window or price) older than `keepDays` of stocks that closed as long ago, and
 * published events of that age, and answers kept for idempotency keys after a day. It may be stopped and run again at any time.
 */
export async function purgeRefusals(database: Database, options: PurgeOptions): Promise<Purged> {
  const { keepDays, batch = BATCH, onProgress, shouldStop = () => false } = options;
  assert(keepDays >= MIN_KEPT_DAYS, `orders are kept for at least ${MIN_KEPT_DAYS} days`);
  const purged: Purged = { orders: 0, events: 0, requests: 0 };
  const [clock] = await database.session((session) =>
    session.rows<{ before: Date }>('SELECT NOW(3) - INTERVAL ? DAY AS `before`', [keepDays]),
  );
  const before = clock?.before as Date;

  let afterSid = 0;
  for (;;) {
    const stocks = await database.session((session) =>
      // Ladder orders have no buyer who could repeat them.
      session.rows<{ id: number }>(
        "SELECT id FROM stock WHERE id > ? AND (kind = 'ladder' OR closes_at < ?) ORDER BY id LIMIT ?",
        [afterSid, before, STOCK_PAGE],
      ),
    );
    for (const { id } of stocks) {
      let from: Position | null = { createTime: new Date(0), orderNo: '' };
      while (from && !shouldStop()) {
        const position: Position = from;
        const step = await database.transaction((session) => deleteRefusals(session, id, before, position, batch));
        purged.orders += step.deleted;
        if (step.deleted > 0) onProgress?.(purged);
        from = step.next;
      }
      afterSid = id;
    }
    if (stocks.length < STOCK_PAGE || shouldStop()) break;
  }

  for (let deleted = batch; deleted === batch && !shouldStop(); ) {
    deleted = await database.session((session) =>
      session.change('DELETE FROM order_event WHERE published_at < ? ORDER BY published_at LIMIT ?', [before, batch]),
    );
    purged.events += deleted;
    if (deleted > 0) onProgress?.(purged);
  }

  for (let deleted = batch; deleted === batch && !shouldStop(); ) {
    deleted = await database.session((session) =>
      session.change(
        'DELETE FROM idempotent_request WHERE create_time < NOW(3) - INTERVAL ? HOUR ORDER BY create_time LIMIT ?',
        [KEEP_REQUESTS_HOURS, batch],
      ),
    );
    purged.requests += deleted;
    if (deleted > 0) onProgress?.(purged);
  }
  return purged;
}

type Position = { createTime: Date; orderNo: string };

/** Reads the next batch of a stock's orders by time, and deletes the refusals among them. */
async function deleteRefusals(session: Session, sid: number, before: Date, from: Position, batch: number) {
  const rows = await session.rows<Position & { state: OrderState }>(
    `SELECT create_time AS createTime, order_no AS orderNo, state FROM stock_order FORCE INDEX (by_stock)
     WHERE sid = ? AND create_time < ? AND create_time >= ? AND (create_time > ? OR order_no > ?)
     ORDER BY create_time, order_no LIMIT ?`,
    [sid, before, from.createTime, from.createTime, from.orderNo, batch],
  );
  const refusals = rows.filter(({ state }) => decisionOf(state) !== 'CONFIRMED');
  const next = rows.length === batch ? (rows.at(-1) as Position) : null;
  if (refusals.length === 0) return { deleted: 0, next };
  // Stored figures are those of the rows: a worker counts again.
  await session.change('DELETE FROM sale_mark WHERE sid = ?', [sid]);
  await session.change('DELETE FROM sale_second WHERE sid = ?', [sid]);
  const deleted = await session.change(
    `DELETE FROM stock_order WHERE order_no IN (?) AND state NOT IN ${CONFIRMED_STATES}`,
    [refusals.map(({ orderNo }) => orderNo)],
  );
  return { deleted, next };
}
