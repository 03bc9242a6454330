import type { RedisClient } from '../redis/connect-redis.ts';
import { publishUnits } from './publish-units.ts';
import type { UnitsAfter } from './stock-table.ts';

/**
 * After a COMMIT that put units back on sale: what Redis remembers of the stock is dropped and every consumer is told, so
 * that nobody is told "sold out" for longer than the second that a read stays fresh. Lost, it costs that second.
 */
export function announceReturn(redis: RedisClient, units: UnitsAfter): void {
  // The note of who loads it goes too: that read began before this COMMIT, and all readers would wait for it.
  redis.del([redis.names.stock(units.sid), redis.names.stockLoading(units.sid)]).catch(() => undefined);
  publishUnits(redis, [units]);
}
