import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import type { OrderPayment } from '../../proto/gen/flashsale/v1/OrderPayment.ts';
import { isoOrNull } from '../api/iso-or-null.ts';

/** An order as the API returns it. Times are ISO 8601 in UTC, null where there is none. */
export type OrderView = {
  orderNo: string;
  sid: number;
  name: string;
  state: string;
  decision: string;
  /** In the currency's smallest unit. */
  priceCents: number;
  currency: string;
  createdAt: string;
  payBy: string | null;
  secondsLeftToPay: number | null;
  paidAt: string | null;
  endedAt: string | null;
  /** With decision DUPLICATE: the buyer's active order. */
  liveOrderNo: string | null;
  /** Oldest first. */
  payments: PaymentView[];
};

/** A payment as the API returns it to buyers. */
export type PaymentView = {
  paymentId: string;
  state: string;
  /** Amount paid; with state `started`, amount due. In the currency's smallest unit. */
  amountCents: number;
  currency: string;
  paidAt: string | null;
  refundedAt: string | null;
};

export function orderView(order: Order): OrderView {
  const { orderNo, sid, name, state, decision, priceCents, currency, createdAtMs, payByMs, readAtMs } = order;
  const untilMs = state === 'awaiting_payment' ? payByMs : undefined;
  return {
    orderNo,
    sid,
    name,
    state,
    decision,
    priceCents,
    currency,
    createdAt: new Date(createdAtMs).toISOString(),
    payBy: isoOrNull(untilMs),
    // By the database's clock, which decides the expiry.
    secondsLeftToPay: untilMs === undefined ? null : Math.max(0, Math.floor((untilMs - readAtMs) / 1000)),
    paidAt: isoOrNull(order.paidAtMs),
    endedAt: isoOrNull(order.endedAtMs),
    liveOrderNo: order.liveOrderNo || null,
    payments: order.payments.map(paymentView),
  };
}

export function paymentView(payment: OrderPayment): PaymentView {
  const { paymentId, state, amountCents, currency } = payment;
  const [paidAt, refundedAt] = [isoOrNull(payment.paidAtMs), isoOrNull(payment.refundedAtMs)];
  return { paymentId, state, amountCents, currency, paidAt, refundedAt };
}
