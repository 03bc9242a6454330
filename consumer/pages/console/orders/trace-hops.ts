import type { AdminPaymentView } from '../../../admin/admin-payments.ts';
import type { OrderView } from '../../../orders/order-view.ts';

/** `GET /admin/orders/{orderNo}/trace`. */
export type Trace = Pick<OrderView, 'orderNo' | 'sid' | 'state' | 'decision'> & {
  buyer: string;
  decidedBy: string;
  partition: number | null;
  offset: string | null;
  /** Place inside the record; undefined from a consumer of the release before. */
  index?: number | null;
  steps: { step: Step; at: string | null; by: string | null }[];
  /** Oldest first. */
  payments: TracePayment[];
};
/** From a consumer of the release before, a payment has no more than `reason` and the fields of a buyer. */
export type TracePayment = Pick<AdminPaymentView, OldFields> & Partial<AdminPaymentView>;
type OldFields = 'paymentId' | 'state' | 'amount' | 'paidAt' | 'refundedAt' | 'reason';
export type Step = 'minted' | 'appended' | 'decided' | 'told' | 'paid' | 'ended';

export type Hop = {
  step: Step;
  by: string | null;
  /** Null: not known, or not yet. */
  atMs: number | null;
  /** Time since the click; null if unknown. */
  sinceStartMs: number | null;
  /** Time since the last known step. Negative if the clocks of two machines differ. */
  sinceLastMs: number | null;
  /** Position on the line of quick steps, 0..1; null: unknown, or not a quick step. */
  place: number | null;
};

/** Steps within one answer. Later steps take minutes and would press these to the left of the line. */
const QUICK = new Set<Step>(['minted', 'appended', 'decided', 'told']);

export function toHops({ steps }: Pick<Trace, 'steps'>): { hops: Hop[]; lineMs: number } {
  const times = steps.map(({ at }) => (at === null ? null : Date.parse(at)));
  const startMs = times.find((ms) => ms !== null) ?? 0;
  const quick = steps.flatMap(({ step }, i) => (QUICK.has(step) && times[i] != null ? [times[i] - startMs] : []));
  const lineMs = Math.max(1, ...quick);
  let lastMs: number | null = null;
  const hops = steps.map(({ step, by }, i): Hop => {
    const atMs = times[i] ?? null;
    const sinceLastMs = atMs === null || lastMs === null ? null : atMs - lastMs;
    if (atMs !== null) lastMs = atMs;
    const sinceStartMs = atMs === null ? null : atMs - startMs;
    const place = sinceStartMs === null || !QUICK.has(step) ? null : clamp(sinceStartMs / lineMs);
    return { step, by, atMs, sinceStartMs, sinceLastMs, place };
  });
  return { hops, lineMs };
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
