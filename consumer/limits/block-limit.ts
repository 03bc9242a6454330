import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../proto/process/clock.ts';
import { tooManyRequests } from '../http/problem.ts';
import { nameBlock } from './name-caller.ts';
import { createTokenBuckets } from './token-bucket.ts';

/**
 * onRequest hook that limits the orders of one block of addresses, in this process only, as the orders of a buyer over all stocks. Throws
 * Problem `too_many_requests`. Null: BLOCK_LIMIT is 0.
 */
export function createBlockLimit(
  clock: Clock,
  { BLOCK_LIMIT: rate }: { BLOCK_LIMIT: number },
): ((request: FastifyRequest) => Promise<void>) | null {
  if (rate === 0) return null;
  const buckets = createTokenBuckets(clock, { rate, burst: rate });
  return async ({ ip }) => {
    const { waitMs } = buckets.take(nameBlock(ip));
    if (waitMs > 0) throw tooManyRequests(waitMs);
  };
}
