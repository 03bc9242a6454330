import type { Database, Session } from '../mysql/database.ts';
import { realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { insertOrderEvents } from '../orders/order-event-table.ts';
import { lockOrders, markOrdersPaid } from '../orders/order-table.ts';
import { judgeEvents, type RecordedPayment } from './judge-events.ts';
import { insertPaymentEvents, keepPayment, type PaymentEvent, readEventOutcomes } from './payment-event-table.ts';
import { insertPayments, markPaid, markUnwanted, readPayments } from './payment-table.ts';

/**
 * Records an event of the gateway once; a repeated event gets the first outcome. An event of an unknown order is kept, as after a restore
 * until the log is replayed.
 */
export async function recordPayment(
  database: Database,
  event: PaymentEvent,
  pace = realPace,
): Promise<RecordedPayment> {
  const record = async (session: Session): Promise<RecordedPayment> => {
    const [recorded] = await recordPayments(session, [event], 'wait');
    if (recorded) return recorded;
    // Without an order, the unique key separates concurrent events.
    const [earlier] = (await readEventOutcomes(session, [event.eventId])).values();
    if (earlier) return { outcome: earlier, repeatedEvent: true };
    return { outcome: 'KEPT', repeatedEvent: !(await keepPayment(session, event)) };
  };
  return repeatTransaction(database, record, pace);
}

/**
 * Records events in one transaction, each as if it were alone and in the order of the list. Null: the order is unknown, or `skip` was given
 * and another transaction has locked it. Locks the orders and then changes their payments. It does not lock the stock: a paid order holds
 * the same unit as before.
 */
export async function recordPayments(
  session: Session,
  events: PaymentEvent[],
  whenLocked: 'wait' | 'skip',
): Promise<(RecordedPayment | null)[]> {
  const orders = await lockOrders(session, [...new Set(events.map(({ orderNo }) => orderNo))], whenLocked);
  // Read after the lock, so that the second of two concurrent events sees the first.
  const earlier = await readEventOutcomes(session, [...new Set(events.map(({ eventId }) => eventId))]);
  const payments = await readPayments(session, [...new Set(events.map(({ paymentId }) => paymentId))]);
  const { answers, adopted, paid, unwanted, recorded } = judgeEvents(events, { orders, payments, earlier });
  await insertPayments(session, adopted);
  await markPaid(
    session,
    paid.map(({ paymentId }) => paymentId),
  );
  for (const { event, reason } of unwanted) await markUnwanted(session, event.paymentId, event, reason);
  await markOrdersPaid(
    session,
    paid.map(({ order }) => order.orderNo),
  );
  await insertOrderEvents(
    session,
    paid.map(({ order: { orderNo, sid, buyer, priceCents } }) => ({ orderNo, type: 'paid', sid, buyer, priceCents })),
  );
  await insertPaymentEvents(session, recorded);
  return answers;
}
