import { status } from '@grpc/grpc-js';
import { LRUCache } from 'lru-cache';
import { QueueFullError } from '../../proto/process/batcher.ts';
import { createCallLimit } from '../../proto/process/call-limit.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { Problem } from '../http/problem.ts';
import type { Providers } from '../providers/connect-providers.ts';
import { takeToken } from './token-bucket.ts';

type GetStock = Providers['getStock'];
type Request = Parameters<GetStock>[0];
type Stock = Awaited<ReturnType<GetStock>>;

const MAX_KNOWN_IN_MEMORY = 100_000;
/** Limit of reads of unknown ids, per process. */
const UNKNOWN = { rate: 100, burst: 200 };
/** Below the burst: stocks that exist return their tokens, so that a thousand of them can be read for the first time at once. */
const FIRST_READS = { maxConcurrent: 100, maxWaiting: 2000 };

/**
 * Limits reads of stock ids that do not exist, because clients can invent ids, and each read costs a provider call, Redis and MySQL. Known
 * ids are always read. First reads wait for each other, so that many stocks can open at once. Rejects as `getStock` does, and with Problem `busy`
 * above the limit.
 */
export function limitUnknownStocks(clock: Clock, getStock: GetStock): GetStock {
  const known = new LRUCache<number, true>({ max: MAX_KNOWN_IN_MEMORY });
  const bucket = { tokens: UNKNOWN.burst, atMs: clock.nowMs() };
  const limitFirstReads = createCallLimit(FIRST_READS);

  async function readFirst(request: Request): Promise<Stock> {
    if (takeToken(bucket, UNKNOWN, clock.nowMs()) > 0) throw new Problem('busy');
    const stock = await getStock(request);
    known.set(Number(request.sid), true);
    bucket.tokens = Math.min(UNKNOWN.burst, bucket.tokens + 1);
    return stock;
  }

  return async (request) => {
    const sid = Number(request.sid);
    try {
      return known.get(sid) ? await getStock(request) : await limitFirstReads(() => readFirst(request));
    } catch (error) {
      if (error instanceof QueueFullError) throw new Problem('busy');
      if ((error as { code?: number }).code === status.NOT_FOUND) known.delete(sid);
      throw error;
    }
  };
}
