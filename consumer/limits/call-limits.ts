import type { FastifyRequest } from 'fastify';
import { REDIS_DEADLINE_MS, type RedisClient } from '../../db/redis/connect-redis.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import type { Identity } from '../auth/identify.ts';
import { tooManyRequests } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { createTokenBuckets } from './token-bucket.ts';

const ORDERS = /\/stocks\/:sid\/orders$/;

type CallLimitConfig = Pick<ConsumerConfig, 'CALL_RATE' | 'CALL_BURST' | 'BUYER_TOTAL_RATE' | 'BUYER_TOTAL_BURST'>;

export type CallLimits = {
  /** Counts an order. Throws Problem `too_many_requests`. */
  takeOrder(caller: Identity): void;
  /** Hook for all routes that identify their caller. */
  limitCall(request: FastifyRequest): Promise<void>;
};

/**
 * Limits the calls of one buyer over all stocks and routes. Orders are counted in this process only, because one more Redis call per order
 * would cost a seventh of a consumer's CPU time. Other calls are counted over all consumers, and in this process while Redis is away.
 * Administrators are not limited. `onAlone`: called with the number of decisions that were made without Redis.
 */
export function createCallLimits(
  clock: Clock,
  redis: RedisClient,
  config: CallLimitConfig,
  onAlone: (decisions: number) => void,
): CallLimits {
  const calls = { rate: config.CALL_RATE, burst: config.CALL_BURST };
  const orders = { rate: config.BUYER_TOTAL_RATE, burst: config.BUYER_TOTAL_BURST };
  const callBuckets = createTokenBuckets(clock, calls);
  const orderBuckets = createTokenBuckets(clock, orders);

  async function takeShared(buyer: string): Promise<number> {
    const keys = [redis.names.callBucket(buyer), redis.names.callLimit(buyer)] as const;
    try {
      const taken = redis.takeToken(...keys, String(calls.rate), String(calls.burst));
      return await withDeadline(clock, REDIS_DEADLINE_MS, 'limiter', taken);
    } catch {
      onAlone(1);
      return callBuckets.take(buyer).waitMs;
    }
  }

  function takeOrder({ buyer, roles }: Identity): void {
    const waitMs = roles.includes('admin') ? 0 : orderBuckets.take(buyer).waitMs;
    if (waitMs > 0) throw tooManyRequests(waitMs);
  }

  return {
    takeOrder,
    async limitCall(request) {
      const caller = request.identity as Identity | undefined;
      if (!caller || caller.roles.includes('admin')) return;
      if (request.method === 'POST' && ORDERS.test(request.routeOptions.url ?? '')) return takeOrder(caller);
      const waitMs = await takeShared(caller.buyer);
      if (waitMs > 0) throw tooManyRequests(waitMs);
    },
  };
}
