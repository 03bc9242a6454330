import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { REDIS_DEADLINE_MS, type RedisClient } from './connect-redis.ts';

/**
 * Who is kept out of a stock, because an order of theirs was cancelled or expired. Kept in Redis only: a Redis that is away, or has lost its
 * data, keeps no buyer out.
 */
export type Cooldowns = {
  /** Keeps the buyers out from now on. Never rejects. */
  start(sid: number, buyers: string[]): Promise<void>;
  /** Milliseconds for which the buyer is still kept out; 0: not kept out, or not known. Never rejects. */
  leftMs(sid: number, buyer: string): Promise<number>;
};

/** Null: the setting COOLDOWN is 0, and nothing costs anything. */
export function createCooldowns(
  clock: Clock,
  redis: RedisClient,
  { COOLDOWN }: { COOLDOWN: number },
): Cooldowns | null {
  if (COOLDOWN === 0) return null;
  // NX: a repeat of the same cancel does not lengthen the time.
  const expiration = { type: 'PX', value: COOLDOWN * 1000 } as const;
  return {
    async start(sid, buyers) {
      const keys = buyers.map((buyer) => redis.names.cooldown(sid, buyer));
      const all = Promise.all(keys.map((key) => redis.set(key, '1', { condition: 'NX', expiration })));
      await withDeadline(clock, REDIS_DEADLINE_MS, 'Redis', all).catch(() => undefined);
    },
    async leftMs(sid, buyer) {
      const left = redis.pTTL(redis.names.cooldown(sid, buyer));
      return Math.max(0, await withDeadline(clock, REDIS_DEADLINE_MS, 'Redis', left).catch(() => 0));
    },
  };
}
