import { ulid } from 'ulid';
import type { Database, Session } from '../mysql/database.ts';
import { realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { isLadderOrder } from '../orders/decide-batch.ts';
import { type Order, readOrders } from '../orders/order-table.ts';
import { insertPayment, type NewPayment, readPaymentsOfOrder } from './payment-table.ts';

export type StartedPayment =
  | { outcome: 'STARTED'; payment: NewPayment; order: Order }
  | { outcome: 'NOT_PAYABLE'; order: Order }
  | { outcome: 'NO_ORDER' };

/** The started payment of a buyer's order, or a new one. */
export async function startPayment(
  database: Database,
  orderNo: string,
  buyer: string,
  pace = realPace,
): Promise<StartedPayment> {
  const start = async (session: Session): Promise<StartedPayment> => {
    const [order] = await readOrders(session, [orderNo], true);
    if (order?.buyer !== buyer || isLadderOrder(order)) return { outcome: 'NO_ORDER' };
    const isOver = order.payByMs !== null && order.payByMs <= order.readAtMs;
    if (order.state !== 'awaiting_payment' || isOver) return { outcome: 'NOT_PAYABLE', order };
    const started = (await readPaymentsOfOrder(session, orderNo)).find(({ state }) => state === 'started');
    if (started) return { outcome: 'STARTED', payment: started, order };
    const { priceCents: amountCents, currency } = order;
    const payment = { paymentId: `pay_${ulid()}`, orderNo, amountCents, currency };
    await insertPayment(session, payment);
    return { outcome: 'STARTED', payment, order };
  };
  return repeatTransaction(database, start, pace);
}
