import { Type } from 'typebox';
import type { OrderPayment } from '../../proto/gen/flashsale/v1/OrderPayment.ts';
import { nullable, time } from '../api/api-schemas.ts';
import { isoOrNull } from '../api/iso-or-null.ts';
import { paymentProperties } from '../orders/order-schemas.ts';
import { type PaymentView, paymentView, type RefundState, refundState } from '../orders/order-view.ts';

/** A payment as the API returns it to administrators. */
export type AdminPaymentView = PaymentView & {
  /** Of the refund; empty if there is none. */
  reason: string;
  /** Why the gateway refuses the refund; empty if it does not. */
  refundFailure: string;
  refundPendingAt: string | null;
  /** refunded at the gateway, also by hand, in the currency's smallest unit. */
  returnedCents: number;
  /** The gateway's word for the state of a dispute; empty: there is none. */
  dispute: string;
  /** Empty: the sandbox, or only the gateway's event is known. */
  gateway: string;
  /** The gateway's ids of the session and of the money; empty: unknown. */
  sessionId: string;
  chargeId: string;
  sessionEndedAt: string | null;
};

export type RefundView = {
  paymentId: string;
  state: RefundState;
  amountCents: number;
  currency: string;
  reason: string;
  failure: string;
  pendingAt: string | null;
  refundedAt: string | null;
};

export function adminPaymentView(payment: OrderPayment): AdminPaymentView {
  const { reason, refundFailure, returnedCents, dispute, gateway, sessionId, chargeId } = payment;
  return {
    ...paymentView(payment),
    refundState: refundState(payment),
    reason,
    refundFailure,
    refundPendingAt: isoOrNull(payment.refundPendingAtMs),
    returnedCents,
    dispute,
    gateway,
    sessionId,
    chargeId,
    sessionEndedAt: isoOrNull(payment.sessionEndedAtMs),
  };
}

/** The refund of a payment; null: there is none. */
export function refundView(payment: OrderPayment): RefundView | null {
  const { paymentId, amountCents, currency, reason, refundFailure: failure } = payment;
  const state = refundState(payment);
  if (state === null) return null;
  const [pendingAt, refundedAt] = [isoOrNull(payment.refundPendingAtMs), isoOrNull(payment.refundedAtMs)];
  return { paymentId, state, amountCents, currency, reason, failure, pendingAt, refundedAt };
}

const STATES = {
  description:
    '`due`: to be requested from the gateway; `pending`: the gateway has accepted it; `failed`: the gateway refuses it, and a person must act; `refunded`: done',
  enum: ['due', 'pending', 'failed', 'refunded'],
};
const reason = Type.String({ description: 'Reason of the refund, or empty' });
const failure = Type.String({ description: 'Why the gateway refuses the refund, or empty' });
const pendingAt = nullable(time('When the gateway accepted the refund'));
const { paymentId, amountCents, currency, refundedAt } = paymentProperties;

export const adminPaymentProperties = {
  ...paymentProperties,
  refundState: nullable(
    Type.String({
      description: `Null: there is nothing to refund; ${STATES.description}`,
      enum: [...STATES.enum, null],
    }),
  ),
  reason,
  refundFailure: failure,
  refundPendingAt: pendingAt,
  returnedCents: Type.Integer({ description: 'Refunded at the gateway, also by hand', examples: [0] }),
  dispute: Type.String({ description: 'The gateway’s word for the state of a dispute; empty: there is none' }),
  gateway: Type.String({
    description: 'The gateway of its session; empty: one without sessions',
    examples: ['stripe'],
  }),
  sessionId: Type.String({ description: 'The gateway’s id of the session; empty: unknown' }),
  chargeId: Type.String({ description: 'The gateway’s id of the money; empty: unknown' }),
  sessionEndedAt: nullable(time('When the session ended without money')),
};

export const adminPayments = Type.Array(Type.Object(adminPaymentProperties), { description: 'Oldest first' });

export const refunds = Type.Array(
  Type.Object({
    paymentId,
    state: Type.String(STATES),
    amountCents,
    currency,
    reason,
    failure,
    pendingAt,
    refundedAt,
  }),
  { description: 'Those of the oldest payment first' },
);
