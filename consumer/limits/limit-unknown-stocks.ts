import { status } from '@grpc/grpc-js';
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../proto/process/clock.ts';
import { Problem } from '../http/problem.ts';
import type { Providers } from '../providers/connect-providers.ts';
import { takeToken } from './token-bucket.ts';

const MAX_KNOWN_IN_MEMORY = 100_000;
/** Limit of reads of unknown ids, per process. */
const UNKNOWN = { rate: 100, burst: 200 };

/**
 * Limits reads of stock ids that do not exist, because clients can invent ids, and each read costs a provider call, Redis and MySQL. Known
 * ids are always read. Rejects as `getStock` does, and with Problem `busy` above the limit.
 */
export function limitUnknownStocks(clock: Clock, getStock: Providers['getStock']): Providers['getStock'] {
  const known = new LRUCache<number, true>({ max: MAX_KNOWN_IN_MEMORY });
  const bucket = { tokens: UNKNOWN.burst, atMs: clock.nowMs() };

  return async (request) => {
    const sid = Number(request.sid);
    const isKnown = known.get(sid) === true;
    if (!isKnown && takeToken(bucket, UNKNOWN, clock.nowMs()) > 0) throw new Problem('busy');
    try {
      const stock = await getStock(request);
      known.set(sid, true);
      // The id exists: the token is returned.
      if (!isKnown) bucket.tokens = Math.min(UNKNOWN.burst, bucket.tokens + 1);
      return stock;
    } catch (error) {
      if ((error as { code?: number }).code === status.NOT_FOUND) known.delete(sid);
      throw error;
    }
  };
}
