import type { RedisClient } from '../../db/redis/connect-redis.ts';
import { subscribeChannel } from '../../db/redis/subscribe-channel.ts';
import type { StockUnits } from '../../proto/gen/flashsale/v1/StockUnits.ts';
import { StockUnitsType } from '../../proto/messages/load-protos.ts';

/** Hears of every stock whose units have changed. */
export function subscribeUnits(subscriber: RedisClient, tell: (units: StockUnits) => void): void {
  subscribeChannel(subscriber, subscriber.names.stockUnitsChannel, (message) =>
    tell(StockUnitsType.deserialize(message)),
  );
}
