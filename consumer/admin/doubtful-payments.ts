import { Type } from 'typebox';
import type { DoubtfulPayment } from '../../proto/gen/flashsale/v1/DoubtfulPayment.ts';
import { nullable, time } from '../api/api-schemas.ts';
import { isoOrNull } from '../api/iso-or-null.ts';
import { money, moneySchema } from '../api/money.ts';

const DOUBTS = {
  refund_failed: 'the gateway refuses the refund, and a person must act',
  refund_due: 'the refund is not confirmed by the gateway',
  session_not_settled: 'money may come, or may have come',
  paid_not_read: 'paid by an event of the gateway, and not read there since',
} as const;

/** A payment in doubt as the API returns it. */
export function doubtfulPaymentView(payment: DoubtfulPayment) {
  const { paymentId, orderNo, state, amountCents, currency, gateway, sessionId, chargeId, refundFailure } = payment;
  return {
    paymentId,
    orderNo,
    state,
    doubt: doubtOf(payment),
    amount: money(amountCents, currency),
    gateway,
    sessionId,
    chargeId,
    sessionEndedAt: isoOrNull(payment.sessionEndedAtMs),
    refundFailure,
  };
}

function doubtOf({ state, refundFailure }: DoubtfulPayment): keyof typeof DOUBTS {
  if (state === 'refund_due') return refundFailure === '' ? 'refund_due' : 'refund_failed';
  return state === 'paid' ? 'paid_not_read' : 'session_not_settled';
}

export const doubtfulPayments = Type.Array(
  Type.Object({
    paymentId: Type.String({ examples: ['pay_01JGZ5Q3C8W4T2M6N7P9R0S1V3'] }),
    orderNo: Type.String(),
    state: Type.String({ enum: ['started', 'paid', 'refund_due', 'refunded'] }),
    doubt: Type.String({
      enum: Object.keys(DOUBTS),
      description: Object.entries(DOUBTS)
        .map(([doubt, meaning]) => `\`${doubt}\`: ${meaning}`)
        .join('; '),
    }),
    amount: moneySchema('Paid, or to be paid'),
    gateway: Type.String({ description: 'Empty: one without sessions' }),
    sessionId: Type.String({ description: 'The gateway’s id of the session; empty: unknown' }),
    chargeId: Type.String({ description: 'The gateway’s id of the money; empty: unknown' }),
    sessionEndedAt: nullable(time('When the session ended without money')),
    refundFailure: Type.String({ description: 'Why the gateway refuses the refund, or empty' }),
  }),
);
