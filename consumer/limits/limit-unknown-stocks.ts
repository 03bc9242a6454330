import { status } from '@grpc/grpc-js';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../proto/process/clock.ts';
import { Problem } from '../http/problem.ts';
import type { Providers } from '../providers/connect-providers.ts';
import { takeToken } from './order-limits.ts';

const KNOWN_IN_MEMORY = 100_000;
/** Looks at ids that turn out to be of no stock, in this process. */
const UNKNOWN = { rate: 100, burst: 200 };

/**
 * Stock ids are free to make up, and a look at one costs a call, Redis and MySQL. That an id is of no stock is remembered for a moment by
 * the reader (read-stock.ts); here the looks at ids that were never a stock's are limited, so that made-up ones cost next to nothing. An
 * id that is known to be a stock's is always looked up. Rejects as `getStock` does, and with Problem `busy` above the limit.
 */
export function limitUnknownStocks(clock: Clock, getStock: Providers['getStock']): Providers['getStock'] {
  const known = new LRUCache<number, true>({ max: KNOWN_IN_MEMORY });
  const bucket = { tokens: UNKNOWN.burst, atMs: clock.nowMs() };

  return async (request) => {
    const sid = Number(request.sid);
    const isKnown = known.get(sid) === true;
    if (!isKnown && takeToken(bucket, UNKNOWN, clock.nowMs()) > 0) throw new Problem('busy');
    try {
      const stock = await getStock(request);
      known.set(sid, true);
      // It was no made-up id.
      if (!isKnown) bucket.tokens = Math.min(UNKNOWN.burst, bucket.tokens + 1);
      return stock;
    } catch (error) {
      if ((error as { code?: number }).code === status.NOT_FOUND) known.delete(sid);
      throw error;
    }
  };
}
