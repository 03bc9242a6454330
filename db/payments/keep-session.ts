import type { Database, Session } from '../mysql/database.ts';
import { realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { lockOrders, type Order } from '../orders/order-table.ts';
import { type KeptSession, readStartedPayments, storeSession } from './session-table.ts';
import { isPayable } from './start-payments.ts';

export type SessionToKeep = KeptSession & { orderNo: string; paymentId: string };

export type SessionKept =
  /** The page that is stored, which may be that of a concurrent call. */
  | { outcome: 'KEPT'; sessionUrl: string }
  | { outcome: 'NOT_PAYABLE'; order: Order }
  /** The payment is unknown or settled, or its session has ended. */
  | { outcome: 'PAYMENT_OVER' };

/** An event that is lost is noticed after this time. */
const FIRST_CHECK_MS = 60_000;

/**
 * Stores an open session while its order awaits payment, is not over, and its payment is started. Before that no buyer sees its page. It locks
 * the order: from then on the order does not expire before the session has ended (db/orders/expire-orders.ts).
 */
export function keepSession(database: Database, kept: SessionToKeep, pace = realPace): Promise<SessionKept> {
  const { orderNo, paymentId } = kept;
  const keep = async (session: Session): Promise<SessionKept> => {
    const [order] = await lockOrders(session, [orderNo], 'wait');
    if (!order) return { outcome: 'PAYMENT_OVER' };
    if (!isPayable(order)) return { outcome: 'NOT_PAYABLE', order };
    const started = await readStartedPayments(session, [orderNo]);
    const payment = started.find((each) => each.paymentId === paymentId);
    if (!payment?.session || payment.endedAtMs !== null) return { outcome: 'PAYMENT_OVER' };
    if (payment.kept) return { outcome: 'KEPT', sessionUrl: payment.kept.sessionUrl };
    const { payByMs, readAtMs } = order;
    await storeSession(session, paymentId, kept, Math.min(readAtMs + FIRST_CHECK_MS, payByMs ?? Infinity));
    return { outcome: 'KEPT', sessionUrl: kept.sessionUrl };
  };
  return repeatTransaction(database, keep, pace);
}
