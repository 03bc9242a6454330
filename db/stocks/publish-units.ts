import { StockUnitsType } from '../../proto/messages/load-protos.ts';
import type { RedisClient } from '../redis/connect-redis.ts';
import type { UnitsAfter } from './stock-table.ts';

/** Tells every consumer of stocks whose units have changed, after the COMMIT. Lost messages cost a second: all read again then. */
export function publishUnits(redis: RedisClient, units: UnitsAfter[]): void {
  for (const one of units)
    redis.publish(redis.names.stockUnitsChannel, StockUnitsType.serialize(one)).catch(() => undefined);
}
