import type { Database, Session, Transaction } from '../mysql/database.ts';
import type { UnitsAfter } from '../stocks/stock-table.ts';
import { lockStock, type ReturningOrder, returnUnits } from './return-units.ts';

export type ExpiryOptions = {
  /** Called after each COMMIT. */
  onExpired(units: UnitsAfter, orders: number): void;
  /** Called for a stock whose transaction failed. The other stocks are processed all the same. */
  onError(sid: number, error: unknown): void;
  /** Maximum number of orders in one transaction (500). */
  batch?: number;
};

const STOCKS = 100;
const BATCH = 500;

/**
 * Expires orders whose time to pay is over, in one transaction for each stock. True: there may be more. Several jobs may run at
 * once. An order that a payment has locked is skipped until the next run.
 */
export async function expireOrders(database: Database, options: ExpiryOptions): Promise<boolean> {
  const { onExpired, onError, batch = BATCH } = options;
  const sids = await database.session(findDueStocks);
  let progressed = false;
  let more = sids.length === STOCKS;
  let failed = false;
  for (const sid of sids) {
    try {
      const result = await database.transaction((transaction) => expireBatch(transaction, sid, batch));
      if (!result) continue;
      onExpired(result.units, result.orders);
      progressed = true;
      more ||= result.orders === batch;
    } catch (error) {
      failed = true;
      onError(sid, error);
    }
  }
  // After a failure, or when all found stocks rest, the next run waits.
  return more && progressed && !failed;
}

async function findDueStocks(session: Session): Promise<number[]> {
  const rows = await session.rows<{ sid: number }>(
    `SELECT DISTINCT sid FROM stock_order FORCE INDEX (due) WHERE state = 'awaiting_payment' AND pay_by <= NOW(3) LIMIT ?`,
    [STOCKS],
  );
  return rows.map(({ sid }) => sid);
}

async function expireBatch(transaction: Transaction, sid: number, batch: number) {
  if (!(await lockStock(transaction, sid))) return transaction.rollBack(null);
  // Two steps: a locking read of the index would also lock rows of other stocks.
  const due = await transaction.rows<{ orderNo: string }>(
    `SELECT order_no AS orderNo FROM stock_order FORCE INDEX (due)
     WHERE state = 'awaiting_payment' AND pay_by <= NOW(3) AND sid = ? ORDER BY pay_by LIMIT ?`,
    [sid, batch],
  );
  if (due.length === 0) return transaction.rollBack(null);
  const orders = await transaction.rows<ReturningOrder>(
    `SELECT order_no AS orderNo, buyer, price_cents AS priceCents FROM stock_order FORCE INDEX (PRIMARY)
     WHERE order_no IN (?) AND state = 'awaiting_payment' AND pay_by <= NOW(3) FOR UPDATE SKIP LOCKED`,
    [due.map(({ orderNo }) => orderNo)],
  );
  if (orders.length === 0) return transaction.rollBack(null);
  const units = await returnUnits(transaction, sid, orders, { from: 'awaiting_payment', to: 'expired' });
  return { units, orders: orders.length };
}
