import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { REDIS_DEADLINE_MS, type RedisClient } from '../redis/connect-redis.ts';
import { STOCK_FRESH_MS } from './stock-cache.ts';
import type { Stock } from './stock-table.ts';

/** Count, sale and version of a stock in Redis. */
type Counters = { count: number; sale: number; version: number };

/**
 * The counters of the ladder's Redis strategy. They expire at most a second after they were read from MySQL, so that wrong counters
 * cannot stay; committed orders increment them. Every call rejects when Redis does not answer.
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
    /** Called after a COMMIT based on `version`. */
    async countUp(sid: number, version: number): Promise<void> {
      await soon(redis.countSoldUnit(redis.names.ladderCounters(sid), String(version)));
    },
    async refresh({ sid, count, sale, version }: Stock): Promise<void> {
      const values = [count, sale, version, STOCK_FRESH_MS].map(String);
      await soon(redis.refreshCounters(redis.names.ladderCounters(sid), ...values));
    },
    /** Sets another rate of this stock's limiter for an hour; experiments raise it. */
    async setLimit(sid: number, perSecond: number): Promise<void> {
      const expiration = { type: 'EX', value: 3600 } as const;
      await soon(redis.set(redis.names.ladderLimit(sid), String(perSecond), { expiration }));
    },
  };
}

export type LadderCounters = ReturnType<typeof createLadderCounters>;
