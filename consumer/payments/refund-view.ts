import { Type } from 'typebox';
import type { OrderPayment } from '../../proto/gen/flashsale/v1/OrderPayment.ts';
import { nullable, time } from '../api/api-schemas.ts';
import { isoOrNull } from '../api/iso-or-null.ts';
import { type Money, money } from '../api/money.ts';
import { paymentProperties } from '../orders/order-schemas.ts';
import { type RefundState, refundState } from '../orders/order-view.ts';

/** A refund as the API returns it to administrators. */
export type RefundView = {
  refundId: string;
  paymentId: string;
  state: RefundState;
  amount: Money;
  reason: string;
  failure: string;
  pendingAt: string | null;
  refundedAt: string | null;
};

/** The refund of a payment; null: there is none. */
export function refundView(payment: OrderPayment): RefundView | null {
  const { paymentId, amountCents, currency, reason, refundFailure: failure } = payment;
  const state = refundState(payment);
  if (state === null) return null;
  const [pendingAt, refundedAt] = [isoOrNull(payment.refundPendingAtMs), isoOrNull(payment.refundedAtMs)];
  const amount = money(amountCents, currency);
  return { refundId: refundIdOf(paymentId), paymentId, state, amount, reason, failure, pendingAt, refundedAt };
}

/** A payment is refunded once, as a whole: the id of its refund follows from its own. */
export function refundIdOf(paymentId: string): string {
  return `refund_${paymentId}`;
}

export const REFUND_STATES = {
  description:
    '`due`: to be requested from the gateway; `pending`: the gateway has accepted it; `failed`: the gateway refuses it, and a person must act; `refunded`: done',
  enum: ['due', 'pending', 'failed', 'refunded'],
};
const reason = Type.String({ description: 'Reason of the refund, or empty' });
const failure = Type.String({ description: 'Why the gateway refuses the refund, or empty' });
const pendingAt = nullable(time('When the gateway accepted the refund'));
const { paymentId, amount, refundedAt } = paymentProperties;

export const refundProperties = {
  refundId: Type.String({ examples: ['refund_pay_01JGZ5Q3C8W4T2M6N7P9R0S1V3'] }),
  paymentId,
  state: Type.String(REFUND_STATES),
  amount,
  reason,
  failure,
  pendingAt,
  refundedAt,
};

export const refunds = Type.Array(Type.Object(refundProperties), { description: 'Those of the oldest payment first' });
