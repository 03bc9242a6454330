import { REDIS_DEADLINE_MS, type RedisClient } from '../../db/redis/connect-redis.ts';
import { realClock, withDeadline } from '../../proto/process/clock.ts';

/**
 * The ladder's limiter: one token bucket per stock in Redis, shared by all consumers. True: a token was taken. Without Redis all
 * requests pass.
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
