import Stripe from 'stripe';
import type { PaymentRefund, RefundResult } from '../payment-gateway.ts';
import { type KnownRefund, planRefund, resultOfRefund } from '../plan-refund.ts';
import { readSession } from './read-session.ts';
import { fromStripeAmount, toStripeAmount } from './stripe-amounts.ts';
import { type CallOptions, createWithKey } from './stripe-client.ts';

/** More refunds of one charge are not read: a refund by this system is of all that is left. */
const MAX_REFUNDS = 100;

/**
 * Refunds what is left of a payment. The refunds that exist are read first, because keys may be gone after 24 hours. A second refund of the
 * same money is impossible also without a key: Stripe refuses to refund more than was paid.
 */
export async function refundCharge(stripe: Stripe, refund: PaymentRefund, options: CallOptions): Promise<RefundResult> {
  const { paymentId, currency } = refund;
  const intentId = refund.chargeId ?? (await readIntentId(stripe, refund, options));
  const known = await readRefunds(stripe, intentId, options);
  const plan = planRefund(refund, known);
  if (plan.state !== 'create') return plan;
  const amount = toStripeAmount(plan.amountCents, currency);
  try {
    const made = await createWithKey(plan.key, (idempotencyKey) => {
      const { timeout } = options();
      const params = { payment_intent: intentId, amount, metadata: { paymentId } };
      return stripe.refunds.create(params, { idempotencyKey, timeout });
    });
    return resultOfRefund(refund, [toKnownRefund(made), ...known]);
  } catch (error) {
    switch (refusalOf(error)) {
      case 'charge_already_refunded':
        // Another process, or a person, was faster.
        return resultOfRefund(refund, await readRefunds(stripe, intentId, options));
      case 'charge_disputed':
      case 'refund_disputed_payment':
        return { state: 'failed', reason: 'The payment is disputed: the bank decides who gets the money' };
      default:
        throw error;
    }
  }
}

function refusalOf(error: unknown): string | undefined {
  return error instanceof Stripe.errors.StripeInvalidRequestError ? error.code : undefined;
}

async function readIntentId(stripe: Stripe, refund: PaymentRefund, options: CallOptions): Promise<string> {
  const { payment_intent } = await readSession(stripe, refund, options);
  const intentId = typeof payment_intent === 'string' ? payment_intent : payment_intent?.id;
  if (!intentId) throw new Error(`the session of ${refund.paymentId} has no payment intent`);
  return intentId;
}

async function readRefunds(stripe: Stripe, intentId: string, options: CallOptions): Promise<KnownRefund[]> {
  const { data } = await stripe.refunds.list({ payment_intent: intentId, limit: MAX_REFUNDS }, options());
  return data.map(toKnownRefund);
}

function toKnownRefund({ status, failure_reason, amount, currency }: Stripe.Refund): KnownRefund {
  const amountCents = fromStripeAmount(amount, currency.toUpperCase());
  switch (status) {
    case 'succeeded':
      return { state: 'refunded', amountCents };
    case 'failed':
    case 'canceled':
      return {
        state: 'failed',
        reason: `The refund is ${status}: ${failure_reason ?? 'no reason given'}`,
        amountCents,
      };
    default:
      // pending, requires_action
      return { state: 'pending', amountCents };
  }
}
