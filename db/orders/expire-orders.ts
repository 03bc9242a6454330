import type { Database, Session, Transaction } from '../mysql/database.ts';
import type { UnitsAfter } from '../stocks/stock-table.ts';
import { hasOpenSessions, readOrdersInSession } from './order-sessions.ts';
import { lockStock, type ReturningOrder, returnUnits } from './return-units.ts';

export type ExpiredOrder = { orderNo: string; buyer: string };

export type ExpiryOptions = {
  /** Called after each COMMIT. */
  onExpired(units: UnitsAfter, orders: ExpiredOrder[]): void;
  /** Called after it for orders that had waited for 15 minutes for the end of their sessions. */
  onGivenUp?(orderNos: string[]): void;
  /** Called for a stock whose transaction failed. The other stocks are processed all the same. */
  onError(sid: number, error: unknown): void;
  /** Maximum number of orders in one transaction (500). */
  batch?: number;
};

const STOCKS = 100;
const BATCH = 500;

/**
 * The order waits for the end of no session, or has waited for too long: its gateway is away. With a session that is not settled, money may
 * still come, so the unit stays with the order. A count, because MariaDB turns NOT EXISTS into a scan of all payments.
 */
const WHERE_FREE = ` AND (pay_by <= NOW(3) - INTERVAL 15 MINUTE OR (
  SELECT COUNT(*) FROM payment FORCE INDEX (payments_of_order)
  WHERE payment.order_no = stock_order.order_no AND payment.state = 'started' AND payment.session_next_at IS NOT NULL) = 0)`;

/**
 * Expires orders whose time to pay is over and whose sessions have ended, in one transaction for each stock. True: there may be more.
 * Several jobs may run at once. An order that a payment has locked is skipped until the next run.
 */
export async function expireOrders(database: Database, options: ExpiryOptions): Promise<boolean> {
  const { onExpired, onGivenUp, onError, batch = BATCH } = options;
  const { sids, condition } = await database.session(findDueStocks);
  let progressed = false;
  let more = sids.length === STOCKS;
  let failed = false;
  for (const sid of sids) {
    try {
      const result = await database.transaction((transaction) => expireBatch(transaction, sid, condition, batch));
      if (!result) continue;
      onExpired(result.units, result.orders);
      if (result.givenUp.length > 0) onGivenUp?.(result.givenUp);
      progressed = true;
      more ||= result.orders.length === batch;
    } catch (error) {
      failed = true;
      onError(sid, error);
    }
  }
  // After a failure, or when all found stocks rest, the next run waits.
  return more && progressed && !failed;
}

/** The condition only keeps waiting orders from filling the batches; expireBatch decides. A sale without sessions does without it. */
async function findDueStocks(session: Session): Promise<{ sids: number[]; condition: string }> {
  const find = async (condition: string) => {
    const rows = await session.rows<{ sid: number }>(
      `SELECT DISTINCT sid FROM stock_order FORCE INDEX (due)
       WHERE state = 'awaiting_payment' AND pay_by <= NOW(3)${condition} LIMIT ?`,
      [STOCKS],
    );
    return { sids: rows.map(({ sid }) => sid), condition };
  };
  const due = await find('');
  if (due.sids.length === 0 || !(await hasOpenSessions(session))) return due;
  // It looks at the payments of all due orders, so only where waiting stocks could hide others.
  if (due.sids.length === STOCKS) return find(WHERE_FREE);
  return { sids: due.sids, condition: WHERE_FREE };
}

type DueOrder = ReturningOrder & { waitedLong: number };

async function expireBatch(transaction: Transaction, sid: number, condition: string, batch: number) {
  // Two steps: a locking read of the index would also lock rows of other stocks. Before the lock of the stock, for which buyers wait.
  const due = await transaction.rows<{ orderNo: string }>(
    `SELECT order_no AS orderNo FROM stock_order FORCE INDEX (due)
     WHERE state = 'awaiting_payment' AND pay_by <= NOW(3) AND sid = ?${condition} ORDER BY pay_by LIMIT ?`,
    [sid, batch],
  );
  if (due.length === 0) return transaction.rollBack(null);
  if (!(await lockStock(transaction, sid))) return transaction.rollBack(null);
  const locked = await transaction.rows<DueOrder>(
    `SELECT order_no AS orderNo, buyer, price_cents AS priceCents, quantity, decided_by AS decidedBy, pay_by <= NOW(3) - INTERVAL 15 MINUTE AS waitedLong
     FROM stock_order FORCE INDEX (PRIMARY)
     WHERE order_no IN (?) AND state = 'awaiting_payment' AND pay_by <= NOW(3) FOR UPDATE SKIP LOCKED`,
    [due.map(({ orderNo }) => orderNo)],
  );
  // Read after the lock, by another statement: a session is stored with the lock of its order.
  const inSession = await readOrdersInSession(
    transaction,
    locked.map(({ orderNo }) => orderNo),
  );
  const orders = locked.filter(({ orderNo, waitedLong }) => waitedLong || !inSession.has(orderNo));
  if (orders.length === 0) return transaction.rollBack(null);
  const units = await returnUnits(transaction, sid, orders, { from: 'awaiting_payment', to: 'expired' });
  const givenUp = orders.map(({ orderNo }) => orderNo).filter((orderNo) => inSession.has(orderNo));
  return { units, orders, givenUp };
}
