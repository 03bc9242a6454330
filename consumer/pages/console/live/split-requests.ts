import type { Answer, Layer } from './live-types.ts';

/** Where requests end, in the order in which a request passes these places. */
export const ENDS = [
  ...(['nginxLimit', 'nginxCache', 'limiter', 'notOpen', 'soldOut', 'log'] as const),
  ...(['pending', 'had', 'failed', 'other', 'confirmed'] as const),
] as const;
export type End = (typeof ENDS)[number];

export type Counted = Record<Answer | Layer | 'confirmed', number>;

/**
 * Splits the counts so that each request ends in one place: the parts are whole numbers and add up to all requests. Answers are counted by
 * nginx or the consumers, confirmed orders by the workers. Their reports may be a second apart; a confirmed order without an answer is not
 * shown yet.
 */
export function splitRequests(counted: Counted): { all: number; ended: Record<End, number> } {
  const n = Object.fromEntries(Object.entries(counted).map(([name, value]) => [name, Math.round(value)])) as Counted;
  const nginxLimit = Math.min(n.limited, n.nginxLimit);
  const nginxCache = Math.min(n.refused, n.nginxCache);
  const log = Math.min(n.refused - nginxCache, n.log);
  // A confirmed order was answered 201, or 202 before its decision, or its buyer had disconnected.
  const confirmed = Math.min(n.confirmed, n.created + n.pending + n.other);
  const afterPending = Math.max(0, confirmed - n.created);
  const ofPending = Math.min(n.pending, afterPending);
  const ended: Record<End, number> = {
    nginxLimit,
    nginxCache,
    log,
    confirmed,
    limiter: n.limited - nginxLimit,
    notOpen: n.notOpen,
    soldOut: n.refused - nginxCache - log,
    pending: n.pending - ofPending,
    // A repeat of the same order, or an order that the buyer already had.
    had: n.duplicate + Math.max(0, n.created - confirmed),
    failed: n.busy + n.errors,
    other: n.other - (afterPending - ofPending),
  };
  return { all: Object.values(ended).reduce((sum, part) => sum + part, 0), ended };
}
