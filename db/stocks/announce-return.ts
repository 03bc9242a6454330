import type { RedisClient } from '../redis/connect-redis.ts';
import { publishUnits } from './publish-units.ts';
import type { UnitsAfter } from './stock-table.ts';

/**
 * Called after a COMMIT that returned units: deletes the cached stock and publishes the units to all consumers. If a message is
 * lost, "sold out" is answered for up to a second longer, until the cached read expires.
 */
export function announceReturn(redis: RedisClient, units: UnitsAfter): void {
  // The loader's claim is deleted too: its read began before this COMMIT, and all readers would wait for it.
  redis.del([redis.names.stock(units.sid), redis.names.stockLoading(units.sid)]).catch(() => undefined);
  publishUnits(redis, [units]);
}
