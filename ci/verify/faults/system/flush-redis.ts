import { connectRedis } from '../../../../db/redis/connect-redis.ts';
import { waitUntil } from '../../../command/wait-until.ts';
import type { FaultSystem } from './fault-system.ts';

const LIMIT_MS = 10_000;

/** Deletes all data in Redis. */
export async function flushRedis({ redisAdminUrl, config, kafka }: FaultSystem): Promise<void> {
  const redis = connectRedis({ REDIS_URL: redisAdminUrl, REDIS_PREFIX: config.REDIS_PREFIX }, kafka.logger);
  try {
    await waitUntil('Redis to be flushed', () => redis.flushAll(), { limitMs: LIMIT_MS });
  } finally {
    redis.destroy();
  }
}
