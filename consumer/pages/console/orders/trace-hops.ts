/** As `GET /admin/orders/{orderNo}/trace` has it. */
export type Trace = {
  orderNo: string;
  sid: number;
  buyer: string;
  state: string;
  decision: string | null;
  decidedBy: string | null;
  partition: number | null;
  offset: string | null;
  steps: { step: Step; at: string | null; by: string | null }[];
  /** Oldest first. */
  payments: TracePayment[];
};
export type TracePayment = {
  paymentId: string;
  state: string;
  amountCents: number;
  currency: string;
  paidAt: string | null;
  refundedAt: string | null;
  reason: string;
};
export type Step = 'minted' | 'appended' | 'decided' | 'told' | 'paid' | 'ended';

export type Hop = {
  step: Step;
  by: string | null;
  /** Null: not known any more. */
  atMs: number | null;
  /** Since the click; null where one of the two is not known. */
  sinceStartMs: number | null;
  /** Since the known step before. Less than nothing: two machines' clocks differ. */
  sinceLastMs: number | null;
  /** Its place on the line of the first seconds, 0..1; null: unknown, or after that line. */
  place: number | null;
};

/** These happen within one answer; what a buyer does comes minutes later and would press them all to the left. */
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
