import type { FastifyRequest } from 'fastify';
import { LRUCache } from 'lru-cache';
import { REDIS_DEADLINE_MS, type RedisClient } from '../../db/redis/connect-redis.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { Problem } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { type Limit, takeToken } from './order-limits.ts';

const BUYERS_IN_MEMORY = 50_000;
const ORDERS = /\/stocks\/:sid\/orders$/;

type CallLimitConfig = Pick<ConsumerConfig, 'CALL_RATE' | 'CALL_BURST' | 'BUYER_TOTAL_RATE' | 'BUYER_TOTAL_BURST'>;

/**
 * A hook behind the identification, for every route that knows its caller: what one buyer asks for has a limit over all stocks and routes,
 * so that no second stock and no second address gives more. Orders are counted in this process alone, for a further call to Redis for each
 * would cost a seventh of a consumer's time; everything else is counted over all consumers, and in this process while Redis is
 * away. Administrators are not counted. Throws Problem `too_many_requests`.
 */
export function limitCalls(clock: Clock, redis: RedisClient, config: CallLimitConfig) {
  const calls = { rate: config.CALL_RATE, burst: config.CALL_BURST };
  const orders = { rate: config.BUYER_TOTAL_RATE, burst: config.BUYER_TOTAL_BURST };
  const takeOfCalls = memoryLimit(clock, calls);
  const takeOfOrders = memoryLimit(clock, orders);

  async function takeShared(buyer: string): Promise<number> {
    const keys = [redis.names.callBucket(buyer), redis.names.callLimit(buyer)] as const;
    try {
      const taken = redis.takeToken(...keys, String(calls.rate), String(calls.burst));
      return await withDeadline(clock, REDIS_DEADLINE_MS, 'limiter', taken);
    } catch {
      return takeOfCalls(buyer);
    }
  }

  return async (request: FastifyRequest): Promise<void> => {
    const caller = request.identity as FastifyRequest['identity'] | undefined;
    if (!caller || caller.roles.includes('admin')) return;
    const isOrder = request.method === 'POST' && ORDERS.test(request.routeOptions.url ?? '');
    const waitMs = isOrder ? takeOfOrders(caller.buyer) : await takeShared(caller.buyer);
    if (waitMs === 0) return;
    const seconds = Math.max(1, Math.ceil(waitMs / 1000));
    throw new Problem('too_many_requests', undefined, {}, { 'retry-after': String(seconds) });
  };
}

/** Buckets in this process's memory: milliseconds to wait, 0 when there was a token. */
function memoryLimit(clock: Clock, limit: Limit): (buyer: string) => number {
  const buckets = new LRUCache<string, { tokens: number; atMs: number }>({ max: BUYERS_IN_MEMORY });
  return (buyer) => {
    let bucket = buckets.get(buyer);
    if (!bucket) {
      bucket = { tokens: limit.burst, atMs: clock.nowMs() };
      buckets.set(buyer, bucket);
    }
    return takeToken(bucket, limit, clock.nowMs());
  };
}
