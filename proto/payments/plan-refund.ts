import type { RefundResult } from './payment-gateway.ts';

/** A refund that the gateway knows. */
export type KnownRefund = RefundResult & { amountCents: number };

type PlannedPayment = { paymentId: string; amountCents: number };

export type RefundPlan =
  | RefundResult
  /** `key` is an idempotency key: it is the same until the gateway knows of another refund. */
  | { state: 'create'; amountCents: number; key: string };

/**
 * What is left to do to refund a payment, given all refunds that the gateway knows of it, newest first, also those that a person made there. A refund that
 * failed is not repeated by itself: `tries` 0 means that a person asked for it, or that it is the first try.
 */
export function planRefund(
  { paymentId, amountCents, tries }: PlannedPayment & { tries: number },
  known: KnownRefund[],
): RefundPlan {
  const made = known.filter(({ state }) => state !== 'failed');
  const leftCents = amountCents - made.reduce((sum, refund) => sum + refund.amountCents, 0);
  if (leftCents <= 0) return { state: made.some(({ state }) => state === 'pending') ? 'pending' : 'refunded' };
  const failed = known.find(({ state }) => state === 'failed');
  if (failed?.state === 'failed' && tries > 0) return { state: 'failed', reason: failed.reason };
  return { state: 'create', amountCents: leftCents, key: `${paymentId}-refund-${known.length}` };
}

/** The result of a refund that was just created. `known`: all refunds now, newest first. */
export function resultOfRefund({ paymentId, amountCents }: PlannedPayment, known: KnownRefund[]): RefundResult {
  const now = planRefund({ paymentId, amountCents, tries: 1 }, known);
  if (now.state === 'create') throw new Error(`the gateway does not show the refund of ${paymentId}`);
  return now;
}
