import { amountDue, type Order } from '../orders/order-table.ts';
import type { AnsweredEvent, PaymentEvent, PaymentOutcome } from './payment-event-table.ts';
import type { NewPayment, Payment } from './payment-table.ts';

/** KEPT: the order is unknown. */
export type RecordedPayment = { outcome: PaymentOutcome | 'KEPT'; repeatedEvent: boolean };

type PaidOrder = Pick<Order, 'orderNo' | 'sid' | 'buyer' | 'state' | 'priceCents' | 'quantity' | 'currency'>;

/** What is known of the orders and payments of the events. `earlier`: outcomes of events that are recorded. */
export type KnownPayments = { orders: PaidOrder[]; payments: Payment[]; earlier: ReadonlyMap<string, PaymentOutcome> };

/** The answers to events, in the same order, and what they change. */
export type JudgedEvents = {
  /** Null: the order is not known. */
  answers: (RecordedPayment | null)[];
  /** Payments that only the gateway knows: they were started before the database was restored. */
  adopted: NewPayment[];
  /** Payments that pay their orders. */
  paid: { paymentId: string; order: PaidOrder }[];
  /** Money to be refunded. */
  unwanted: { event: PaymentEvent; reason: string }[];
  recorded: AnsweredEvent[];
};

/** Judges events one after the other: each sees what the ones before it change. */
export function judgeEvents(events: PaymentEvent[], { orders, payments, earlier }: KnownPayments): JudgedEvents {
  const orderOf = new Map(orders.map((order) => [order.orderNo, order]));
  const paymentOf = new Map(payments.map((payment) => [payment.paymentId, payment]));
  const outcomeOf = new Map(earlier);
  const judged: JudgedEvents = { answers: [], adopted: [], paid: [], unwanted: [], recorded: [] };

  function adopt({ paymentId }: PaymentEvent, order: PaidOrder): Payment {
    const { orderNo, currency } = order;
    const payment = { paymentId, orderNo, amountCents: amountDue(order), currency };
    judged.adopted.push({ ...payment, session: null });
    return { ...payment, state: 'started', reason: null };
  }

  function judge(event: PaymentEvent): RecordedPayment | null {
    const order = orderOf.get(event.orderNo);
    if (!order) return null;
    const first = outcomeOf.get(event.eventId);
    if (first) return { outcome: first, repeatedEvent: true };
    const payment = paymentOf.get(event.paymentId) ?? adopt(event, order);
    const outcome = judgeEvent(order, payment, event);
    const reason = reasonOfRefund(order, payment, event, outcome);
    if (outcome === 'PAID') {
      judged.paid.push({ paymentId: event.paymentId, order });
      orderOf.set(event.orderNo, { ...order, state: 'paid' });
    } else if (reason !== null) judged.unwanted.push({ event, reason });
    paymentOf.set(event.paymentId, { ...payment, state: stateAfter(payment, outcome, reason) });
    outcomeOf.set(event.eventId, outcome);
    judged.recorded.push({ ...event, outcome });
    return { outcome, repeatedEvent: false };
  }

  judged.answers = events.map(judge);
  return judged;
}

/** The outcome of an event. A gateway charges a payment once, so later events of the payment bring no more money. */
function judgeEvent(order: PaidOrder, payment: Payment, event: PaymentEvent): PaymentOutcome {
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

/** Why the money of an event is refunded; null: it is not, or was recorded by an earlier event. */
function reasonOfRefund(
  order: PaidOrder,
  payment: Payment,
  event: PaymentEvent,
  outcome: PaymentOutcome,
): string | null {
  if (payment.state !== 'started') return null;
  switch (outcome) {
    case 'PAID':
    case 'NO_PAYMENT':
    case 'ALREADY_PAID':
      return null;
    case 'WRONG_AMOUNT':
      return `${event.amountCents} ${event.currency} paid, not ${payment.amountCents} ${payment.currency}`;
    case 'PAYMENT_REFUNDED':
      return order.state === 'paid' ? 'paid by another payment' : `the order is ${order.state}`;
    default:
      return outcome satisfies never;
  }
}

function stateAfter(payment: Payment, outcome: PaymentOutcome, reason: string | null): Payment['state'] {
  if (outcome === 'PAID') return 'paid';
  return reason === null ? payment.state : 'refund_due';
}
