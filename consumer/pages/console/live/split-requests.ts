import type { Answer, Layer } from './live-types.ts';

/** Where requests ended, in the sequence in which a request can end. */
export const ENDS = [
  ...(['nginxLimit', 'nginxCache', 'limiter', 'notOpen', 'soldOut', 'log'] as const),
  ...(['undecided', 'had', 'failed', 'other', 'confirmed'] as const),
] as const;
export type End = (typeof ENDS)[number];

export type Counted = Record<Answer | Layer | 'confirmed', number>;

/**
 * Splits what was counted so that each request ends in one place: the parts are whole numbers and add up to all requests. Answers come
 * from nginx or the consumers, and orders confirmed from the workers, whose reports may be a second apart: what one of them has not
 * seen yet is not shown yet.
 */
export function splitRequests(counted: Counted): { all: number; ended: Record<End, number> } {
  const n = Object.fromEntries(Object.entries(counted).map(([name, value]) => [name, Math.round(value)])) as Counted;
  const nginxLimit = Math.min(n.limited, n.nginxLimit);
  const nginxCache = Math.min(n.refused, n.nginxCache);
  const log = Math.min(n.refused - nginxCache, n.log);
  // A confirmed order was answered 201, or 202 and asked for later, or its buyer had left.
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
    undecided: n.pending - ofPending,
    // The same order answered again, or the order that the buyer had already.
    had: n.duplicate + Math.max(0, n.created - confirmed),
    failed: n.busy + n.errors,
    other: n.other - (afterPending - ofPending),
  };
  return { all: Object.values(ended).reduce((sum, part) => sum + part, 0), ended };
}
