import { ulid } from 'ulid';
import type { Database, Session } from '../mysql/database.ts';
import { realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { isLadderOrder } from '../orders/decide-batch.ts';
import { lockOrders, type Order } from '../orders/order-table.ts';
import { insertPayments, type NewPayment, readPaymentsOfOrders } from './payment-table.ts';

export type PaymentStart = { orderNo: string; buyer: string };
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
  const start = (session: Session) => startPayments(session, [{ orderNo, buyer }], 'wait');
  const [started] = await repeatTransaction(database, start, pace);
  return started ?? { outcome: 'NO_ORDER' };
}

/**
 * Starts payments in one transaction, each as if it were alone and in the order of the list. Null: the order is unknown, or `skip` was
 * given and another transaction has locked it.
 */
export async function startPayments(
  session: Session,
  starts: PaymentStart[],
  whenLocked: 'wait' | 'skip',
  newId = () => `pay_${ulid()}`,
): Promise<(StartedPayment | null)[]> {
  const locked = await lockOrders(session, [...new Set(starts.map(({ orderNo }) => orderNo))], whenLocked);
  const orders = new Map(locked.map((order) => [order.orderNo, order]));
  const started = new Map<string, NewPayment>();
  for (const payment of (await readPaymentsOfOrders(session, [...orders.keys()])).toReversed()) {
    if (payment.state === 'started') started.set(payment.orderNo, payment);
  }
  const fresh: NewPayment[] = [];
  const paymentOf = ({ orderNo, priceCents: amountCents, currency }: Order): NewPayment => {
    const known = started.get(orderNo);
    if (known) return known;
    const payment = { paymentId: newId(), orderNo, amountCents, currency };
    started.set(orderNo, payment);
    fresh.push(payment);
    return payment;
  };
  const answers = starts.map(({ orderNo, buyer }): StartedPayment | null => {
    const order = orders.get(orderNo);
    if (!order) return null;
    if (order.buyer !== buyer || isLadderOrder(order)) return { outcome: 'NO_ORDER' };
    if (!isPayable(order)) return { outcome: 'NOT_PAYABLE', order };
    return { outcome: 'STARTED', payment: paymentOf(order), order };
  });
  await insertPayments(session, fresh);
  return answers;
}

function isPayable({ state, payByMs, readAtMs }: Order): boolean {
  const isOver = payByMs !== null && payByMs <= readAtMs;
  return state === 'awaiting_payment' && !isOver;
}
