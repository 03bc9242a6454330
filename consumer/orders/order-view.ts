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

/** `due`: to be requested from the gateway. `pending`: the gateway has accepted it. `failed`: the gateway refuses it, and a person must act. */
export type RefundState = 'due' | 'pending' | 'failed' | 'refunded';

/** A payment as the API returns it to buyers. */
export type PaymentView = {
  paymentId: string;
  state: string;
  /** Null: there is nothing to refund. A buyer sees `due` for `failed`. */
  refundState: RefundState | null;
  /** Amount paid; with state `started`, amount due. In the currency's smallest unit. */
  amountCents: number;
  currency: string;
  /** When it was started; null: from a provider of the release before. */
  createdAt: string | null;
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
  const refund = refundState(payment);
  return {
    paymentId,
    state,
    refundState: refund === 'failed' ? 'due' : refund,
    amountCents,
    currency,
    createdAt: isoOrNull(payment.createdAtMs || undefined),
    paidAt: isoOrNull(payment.paidAtMs),
    refundedAt: isoOrNull(payment.refundedAtMs),
  };
}

export function refundState({ state, refundFailure, refundPendingAtMs }: OrderPayment): RefundState | null {
  if (state === 'refunded') return 'refunded';
  if (state !== 'refund_due') return null;
  if (refundFailure !== '') return 'failed';
  return refundPendingAtMs === undefined ? 'due' : 'pending';
}
