import type { Database, Session } from '../../mysql/database.ts';
import { countEverything, type OrderRange } from './count-orders.ts';
import { addUp } from './sale-figures.ts';
import { storeSeconds } from './stored-seconds.ts';

/** How often a sale is stored, by all workers together. */
export const STORE_EVERY_MS = 2000;
/** Seconds are stored when they are this old: most of their transactions have ended. */
const STORE_AFTER_MS = 3000;
/** So often, the seconds of at least this time before are counted again, for transactions that ended later. */
const RECOUNT_EVERY_MS = 30_000;
const MAX_STOCKS = 100;
const NEVER = "TIMESTAMP'1970-01-01 00:00:00'";

type SaleToStore = { sid: number; isNew: number };

/** Sales in which something happened that is not stored, or may still be counted again. */
export async function findSalesToStore(session: Session): Promise<SaleToStore[]> {
  // The last entry of an index: MariaDB would read all entries of a stock for a range that begins at a column.
  const last = (table: string, index: string) =>
    `COALESCE((SELECT create_time FROM ${table} FORCE INDEX (${index}) WHERE sid = s.id ORDER BY create_time DESC LIMIT 1), ${NEVER})`;
  return session.rows<SaleToStore>(
    `SELECT s.id AS sid, m.sid IS NULL AS isNew FROM stock s LEFT JOIN sale_mark m ON m.sid = s.id
     WHERE s.kind = 'sale' AND GREATEST(${last('stock_order', 'by_stock')}, ${last('order_event', 'of_stock')})
       > COALESCE(m.until_at - INTERVAL ${2 * RECOUNT_EVERY_MS} * 1000 MICROSECOND, ${NEVER})
     ORDER BY m.until_at, s.id LIMIT ?`,
    [MAX_STOCKS],
  );
}

/**
 * Stores the figures of a sale up to a few seconds ago and moves its mark, in one transaction. Several workers may try: one of them does it.
 * The rows of orders are only read.
 */
export async function storeSale(database: Database, { sid, isNew }: SaleToStore): Promise<void> {
  if (isNew)
    await database.session((session) => session.change('INSERT IGNORE INTO sale_mark (sid) VALUES (?)', [sid]));
  await database.transaction(async (transaction) => {
    const [mark] = await transaction.rows<{ untilAt: Date | null; now: Date }>(
      'SELECT until_at AS untilAt, NOW(3) AS now FROM sale_mark WHERE sid = ? FOR UPDATE SKIP LOCKED',
      [sid],
    );
    if (!mark) return;
    const storedMs = mark.untilAt?.getTime() ?? null;
    const untilMs = Math.floor((mark.now.getTime() - STORE_AFTER_MS) / 1000) * 1000;
    if (storedMs !== null && untilMs - storedMs < STORE_EVERY_MS) return;
    const fromMs = storedMs === null ? null : countAgainFrom(storedMs, untilMs);
    const range: OrderRange = { sid, fromMs, untilMs, changesBy: fromMs === null ? 'rows' : 'events' };
    const seconds = addUp(await countEverything(transaction, range, { startMs: 0, lengthMs: 1000 }));
    await storeSeconds(transaction, sid, seconds);
    await transaction.change('UPDATE sale_mark SET until_at = ? WHERE sid = ?', [new Date(untilMs), sid]);
  });
}

/** Each second is counted again at least RECOUNT_EVERY_MS after it. */
function countAgainFrom(storedMs: number, untilMs: number): number {
  const [stored, until] = [storedMs, untilMs].map((ms) => Math.floor(ms / RECOUNT_EVERY_MS)) as [number, number];
  return until > stored ? (stored - 1) * RECOUNT_EVERY_MS : storedMs;
}
