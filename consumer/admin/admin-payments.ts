import { Type } from 'typebox';
import type { OrderPayment } from '../../proto/gen/flashsale/v1/OrderPayment.ts';
import { nullable, time } from '../api/api-schemas.ts';
import { isoOrNull } from '../api/iso-or-null.ts';
import { type Money, money, moneySchema } from '../api/money.ts';
import { paymentProperties } from '../orders/order-schemas.ts';
import { type PaymentView, paymentView, refundState } from '../orders/order-view.ts';
import { REFUND_STATES, refundProperties } from '../payments/refund-view.ts';

/** A payment as the API returns it to administrators. */
export type AdminPaymentView = PaymentView & {
  /** Of the refund; empty if there is none. */
  reason: string;
  /** Why the gateway refuses the refund; empty if it does not. */
  refundFailure: string;
  refundPendingAt: string | null;
  /** Refunded at the gateway, also by hand. */
  returned: Money;
  /** The gateway's word for the state of a dispute; empty: there is none. */
  dispute: string;
  /** Empty: the sandbox, or only the gateway's event is known. */
  gateway: string;
  /** The gateway's ids of the session and of the money; empty: unknown. */
  sessionId: string;
  chargeId: string;
  sessionEndedAt: string | null;
};

export function adminPaymentView(payment: OrderPayment): AdminPaymentView {
  const { currency, reason, refundFailure, returnedCents, dispute, gateway, sessionId, chargeId } = payment;
  return {
    ...paymentView(payment),
    refundState: refundState(payment),
    reason,
    refundFailure,
    refundPendingAt: isoOrNull(payment.refundPendingAtMs),
    returned: money(returnedCents, currency),
    dispute,
    gateway,
    sessionId,
    chargeId,
    sessionEndedAt: isoOrNull(payment.sessionEndedAtMs),
  };
}

export const adminPaymentProperties = {
  ...paymentProperties,
  refundState: nullable(
    Type.String({
      description: `Null: there is nothing to refund; ${REFUND_STATES.description}`,
      enum: [...REFUND_STATES.enum, null],
    }),
  ),
  reason: refundProperties.reason,
  refundFailure: refundProperties.failure,
  refundPendingAt: refundProperties.pendingAt,
  returned: moneySchema('Refunded at the gateway, also by hand'),
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
