import { REDIS_DEADLINE_MS, type RedisClient } from '../../db/redis/connect-redis.ts';
import { realClock, withDeadline } from '../../proto/process/clock.ts';

/**
 * The ladder's limiter: one token bucket per stock in Redis, shared by all consumers. True: let it through. Without Redis
 * everything passes, for the database is safe and only slower.
 */
export function createLadderLimiter(redis: RedisClient, perSecond: number): (sid: number) => Promise<boolean> {
  return async (sid) => {
    const keys = [redis.names.ladderBucket(sid), redis.names.ladderLimit(sid)];
    const rate = String(perSecond);
    try {
      return (await withDeadline(realClock, REDIS_DEADLINE_MS, 'limiter', redis.takeToken(...keys, rate, rate))) === 0;
    } catch {
      return true;
    }
  };
}
