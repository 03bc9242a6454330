import assert from 'node:assert/strict';
import type { Database, Session } from '../mysql/database.ts';
import { realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { insertOrderEvents } from '../orders/order-event-table.ts';
import { type Order, readOrders } from '../orders/order-table.ts';
import {
  insertPayment,
  insertPaymentEvent,
  keepPayment,
  markPaid,
  oweRefund,
  type Payment,
  type PaymentEvent,
  type PaymentOutcome,
  readEventOutcome,
  readPayment,
} from './payment-table.ts';

/** KEPT: the order is unknown, as after a restore until the log is replayed. */
export type RecordedPayment = { outcome: PaymentOutcome | 'KEPT'; repeatedEvent: boolean };

/**
 * Records an event of the gateway once; a repeated event gets the first outcome. Locks the order and then its payment, so that
 * concurrent events are recorded one after the other. It does not lock the stock: a paid order holds the same unit as before.
 */
export async function recordPayment(
  database: Database,
  event: PaymentEvent,
  pace = realPace,
): Promise<RecordedPayment> {
  const record = async (session: Session): Promise<RecordedPayment> => {
    const [order] = await readOrders(session, [event.orderNo], true);
    // Read after the lock, so that the second of two concurrent events sees the first. Without an order the unique key separates them.
    const earlier = await readEventOutcome(session, event.eventId);
    if (earlier) return { outcome: earlier, repeatedEvent: true };
    if (!order) return { outcome: 'KEPT', repeatedEvent: !(await keepPayment(session, event)) };
    const payment = (await readPayment(session, event.paymentId)) ?? (await adoptPayment(session, order, event));
    const outcome = judgePayment(order, payment, event);
    if (payment.state === 'started') await settle(session, order, payment, event, outcome);
    await insertPaymentEvent(session, event, outcome);
    return { outcome, repeatedEvent: false };
  };
  return repeatTransaction(database, record, pace);
}

/** The outcome of an event. A gateway charges a payment once, so later events of the payment bring no more money. */
function judgePayment(order: Pick<Order, 'state'>, payment: Payment, event: PaymentEvent): PaymentOutcome {
  if (payment.orderNo !== event.orderNo) return 'NO_PAYMENT';
  if (event.amountCents !== payment.amountCents || event.currency !== payment.currency) return 'WRONG_AMOUNT';
  switch (payment.state) {
    case 'paid':
      return 'ALREADY_PAID';
    case 'refund_due':
    case 'refunded':
      return 'PAYMENT_REFUNDED';
    case 'started':
      // The order is paid by another payment, or has ended: this money is refunded.
      return order.state === 'awaiting_payment' ? 'PAID' : 'PAYMENT_REFUNDED';
    default:
      return payment.state satisfies never;
  }
}

/**
 * Inserts a payment that only the gateway knows: it was started before the database was restored. Its money pays the order or is
 * refunded.
 */
async function adoptPayment(session: Session, order: Order, { paymentId }: PaymentEvent): Promise<Payment> {
  const { orderNo, priceCents: amountCents, currency } = order;
  const payment = { paymentId, orderNo, amountCents, currency };
  await insertPayment(session, payment);
  return { ...payment, state: 'started', reason: null };
}

/** Records the money of a payment: it pays the order, or is refunded. */
async function settle(
  session: Session,
  order: Order,
  payment: Payment,
  event: PaymentEvent,
  outcome: PaymentOutcome,
): Promise<void> {
  switch (outcome) {
    case 'NO_PAYMENT':
      return;
    case 'PAID': {
      await markPaid(session, payment, event);
      const changed = await session.change(
        `UPDATE stock_order SET state = 'paid', paid_at = NOW(3) WHERE order_no = ? AND state = 'awaiting_payment'`,
        [order.orderNo],
      );
      assert.equal(changed, 1);
      return insertOrderEvents(session, [{ ...order, type: 'paid' }]);
    }
    case 'WRONG_AMOUNT': {
      await markPaid(session, payment, event);
      const wanted = `${payment.amountCents} ${payment.currency}`;
      return oweRefund(session, payment, `${event.amountCents} ${event.currency} paid, not ${wanted}`);
    }
    case 'PAYMENT_REFUNDED':
      await markPaid(session, payment, event);
      return oweRefund(
        session,
        payment,
        order.state === 'paid' ? 'paid by another payment' : `the order is ${order.state}`,
      );
    case 'ALREADY_PAID':
      throw new Error(`payment ${payment.paymentId} is started, so it cannot be paid already`);
    default:
      return outcome satisfies never;
  }
}
