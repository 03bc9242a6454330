import type { Knex } from 'knex';
import { ROLL_BACK, type Session, useSession, useTransaction } from '../mysql/use-session.ts';
import type { UnitsAfter } from './decide-orders.ts';
import { lockStock, type ReturningOrder, returnUnits } from './return-units.ts';

export type ExpiryOptions = {
  statementMs: number;
  /** Called after each COMMIT. */
  onExpired(units: UnitsAfter, orders: number): void;
  /** Called for a stock whose turn failed; the others have theirs all the same. */
  onError(sid: number, error: unknown): void;
  /** Most orders of one transaction (500). */
  batch?: number;
};

const STOCKS = 100;
const BATCH = 500;

/**
 * Ends orders whose time to pay is over: one transaction for each stock that has some. True: there may be more. Any number
 * of jobs may run at once. An order that a payment holds at the moment is left for the next time.
 */
export async function expireOrders(mysql: Knex, options: ExpiryOptions): Promise<boolean> {
  const { statementMs, onExpired, onError, batch = BATCH } = options;
  const sids = await useSession(mysql, statementMs, findDueStocks);
  let progressed = false;
  let more = sids.length === STOCKS;
  let failed = false;
  for (const sid of sids) {
    try {
      const result = await useTransaction(mysql, statementMs, (session) => expireBatch(session, sid, batch));
      if (result === ROLL_BACK) continue;
      onExpired(result.units, result.orders);
      progressed = true;
      more ||= result.orders === batch;
    } catch (error) {
      failed = true;
      onError(sid, error);
    }
  }
  // What failed, or cannot be done now because the stocks rest, is not tried again at once.
  return more && progressed && !failed;
}

async function findDueStocks(session: Session): Promise<number[]> {
  const rows = await session.rows<{ sid: number }>(
    `SELECT DISTINCT sid FROM stock_order FORCE INDEX (due) WHERE state = 'awaiting_payment' AND pay_by <= NOW(3) LIMIT ?`,
    [STOCKS],
  );
  return rows.map(({ sid }) => sid);
}

async function expireBatch(session: Session, sid: number, batch: number) {
  if (!(await lockStock(session, sid))) return ROLL_BACK;
  // Found without a lock and then locked by number: a locking read of the index would also hold rows of other stocks.
  const due = await session.rows<{ orderNo: string }>(
    `SELECT order_no AS orderNo FROM stock_order FORCE INDEX (due)
     WHERE state = 'awaiting_payment' AND pay_by <= NOW(3) AND sid = ? ORDER BY pay_by LIMIT ?`,
    [sid, batch],
  );
  if (due.length === 0) return ROLL_BACK;
  const orders = await session.rows<ReturningOrder>(
    `SELECT order_no AS orderNo, buyer, price_cents AS priceCents FROM stock_order FORCE INDEX (PRIMARY)
     WHERE order_no IN (?) AND state = 'awaiting_payment' AND pay_by <= NOW(3) FOR UPDATE SKIP LOCKED`,
    [due.map(({ orderNo }) => orderNo)],
  );
  if (orders.length === 0) return ROLL_BACK;
  const units = await returnUnits(session, sid, orders, { from: 'awaiting_payment', to: 'expired' });
  return { units, orders: orders.length };
}
