import type { RedisClient } from '../db/connect-redis.ts';
import { STOCK_UNITS_CHANNEL } from '../db/redis-keys.ts';
import type { StockUnits } from '../proto/gen/flashsale/v1/StockUnits.ts';
import { StockUnitsType } from '../proto/load-protos.ts';

/** Hears of every stock whose units have changed. `subscriber` is a connection of its own, which subscribes again after a loss. */
export function hearUnits(subscriber: RedisClient, tell: (units: StockUnits) => void): void {
  const listen = (message: Buffer) => tell(StockUnitsType.deserialize(message));
  let subscribed = false;
  const subscribe = async () => {
    if (subscribed) return;
    await subscriber.subscribe(STOCK_UNITS_CHANNEL, listen, true);
    subscribed = true;
  };
  subscriber.on('ready', () => void subscribe().catch(() => undefined));
  if (subscriber.isReady) void subscribe().catch(() => undefined);
}
