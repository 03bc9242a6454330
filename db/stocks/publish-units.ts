import { StockUnitsType } from '../../proto/messages/load-protos.ts';
import type { RedisClient } from '../redis/connect-redis.ts';
import type { UnitsAfter } from './stock-table.ts';

/** Publishes the changed units of stocks to all consumers, after the COMMIT. After a lost message they are stale for up to a second. */
export function publishUnits(redis: RedisClient, units: UnitsAfter[]): void {
  for (const stock of units) {
    redis.publish(redis.names.stockUnitsChannel, StockUnitsType.serialize(stock)).catch(() => undefined);
  }
}
