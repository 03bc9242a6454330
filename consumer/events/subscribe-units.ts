import type { RedisClient } from '../../db/redis/connect-redis.ts';
import { subscribeChannel } from '../../db/redis/subscribe-channel.ts';
import type { StockUnits } from '../../proto/gen/flashsale/internal/v1/StockUnits.ts';
import { StockUnitsType } from '../../proto/messages/load-protos.ts';

/** Subscribes to the unit counts of all stocks. */
export function subscribeUnits(subscriber: RedisClient, onUnits: (units: StockUnits) => void): void {
  subscribeChannel(subscriber, subscriber.names.stockUnitsChannel, (message) =>
    onUnits(StockUnitsType.deserialize(message)),
  );
}
