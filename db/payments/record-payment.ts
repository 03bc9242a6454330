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

/** KEPT: the order is not known here, as after a restore, until the log was replayed. */
export type RecordedPayment = { outcome: PaymentOutcome | 'KEPT'; repeatedEvent: boolean };

/**
 * Records what the gateway said, once for each event: whoever brings it again gets the outcome of the first time. Locks the
 * order and then its payment, so that two events of one moment settle one after the other. Never the stock: a paid order
 * holds the unit it held before.
 */
export async function recordPayment(
  database: Database,
  event: PaymentEvent,
  pace = realPace,
): Promise<RecordedPayment> {
  const record = async (session: Session): Promise<RecordedPayment> => {
    const [order] = await readOrders(session, [event.orderNo], true);
    // After the lock: of two at once, the second sees what the first has written. Without an order the key keeps them apart.
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

/** What an event means. A gateway charges a payment once, so the events after the first of a payment bring no more money. */
export function judgePayment(order: Pick<Order, 'state'>, payment: Payment, event: PaymentEvent): PaymentOutcome {
  if (payment.orderNo !== event.orderNo) return 'NO_PAYMENT';
  if (event.amountCents !== payment.amountCents || event.currency !== payment.currency) return 'WRONG_AMOUNT';
  switch (payment.state) {
    case 'paid':
      return 'ALREADY_PAID';
    case 'refund_due':
    case 'refunded':
      return 'PAYMENT_REFUNDED';
    case 'started':
      // Paid by another payment, or over: this money goes back.
      return order.state === 'awaiting_payment' ? 'PAID' : 'PAYMENT_REFUNDED';
    default:
      return payment.state satisfies never;
  }
}

/**
 * A payment of which only the gateway knows: it was started here, and a restored database has forgotten it. The money came, so it pays the
 * order or goes back.
 */
async function adoptPayment(session: Session, order: Order, { paymentId }: PaymentEvent): Promise<Payment> {
  const { orderNo, priceCents: amountCents, currency } = order;
  const payment = { paymentId, orderNo, amountCents, currency };
  await insertPayment(session, payment);
  return { ...payment, state: 'started', reason: null };
}

/** The first money of a payment is there: it pays the order, or it is owed back. */
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
      return oweRefund(session, payment, `${event.amountCents} ${event.currency} came, not ${wanted}`);
    }
    case 'PAYMENT_REFUNDED':
      await markPaid(session, payment, event);
      return oweRefund(
        session,
        payment,
        order.state === 'paid' ? 'paid by another payment' : `the order is ${order.state}`,
      );
    case 'ALREADY_PAID':
      throw new Error(`payment ${payment.paymentId} is started and cannot be paid already`);
    default:
      return outcome satisfies never;
  }
}
