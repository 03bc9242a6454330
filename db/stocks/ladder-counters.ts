import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { REDIS_DEADLINE_MS, type RedisClient } from '../redis/connect-redis.ts';
import { STOCK_FRESH_MS } from './stock-cache.ts';
import type { Stock } from './stock-table.ts';

/** Count, sale and version of a stock as Redis has them. */
export type Counters = { count: number; sale: number; version: number };

/**
 * The counters of the ladder's Redis way. They live for a second at most after they came from MySQL, so that wrong ones
 * cannot stay; within it, committed orders count them up. Every call rejects when Redis does not answer.
 */
export function createLadderCounters(clock: Clock, redis: RedisClient) {
  const soon = <T>(work: Promise<T>) => withDeadline(clock, REDIS_DEADLINE_MS, 'Redis', work);
  return {
    async read(sid: number): Promise<Counters | null> {
      const values = await soon(redis.hmGet(redis.names.ladderCounters(sid), ['count', 'sale', 'version']));
      const [count, sale, version] = values.map((value) => (value === null ? Number.NaN : Number(value)));
      if (count === undefined || sale === undefined || version === undefined) return null;
      return Number.isInteger(count + sale + version) ? { count, sale, version } : null;
    },
    /** After a COMMIT that was made on `version`. */
    async countUp(sid: number, version: number): Promise<void> {
      await soon(redis.countSoldUnit(redis.names.ladderCounters(sid), String(version)));
    },
    async refresh({ sid, count, sale, version }: Stock): Promise<void> {
      const values = [count, sale, version, STOCK_FRESH_MS].map(String);
      await soon(redis.refreshCounters(redis.names.ladderCounters(sid), ...values));
    },
    /** Another rate for this stock's limiter, for an hour; the experiment raises it so. */
    async setLimit(sid: number, perSecond: number): Promise<void> {
      const expiration = { type: 'EX', value: 3600 } as const;
      await soon(redis.set(redis.names.ladderLimit(sid), String(perSecond), { expiration }));
    },
  };
}

export type LadderCounters = ReturnType<typeof createLadderCounters>;
