import type { RedisClient } from './connect-redis.ts';

/**
 * Calls `listen` with each message on a channel. `subscriber` is a connection for subscriptions only. The first subscription fails
 * while Redis is down, so it is repeated at each connection until it succeeds; after that node-redis renews it.
 */
export function subscribeChannel(subscriber: RedisClient, channel: string, listen: (message: Buffer) => void): void {
  let subscribed = false;
  const subscribe = async () => {
    if (subscribed) return;
    await subscriber.subscribe(channel, listen, true);
    subscribed = true;
  };
  subscriber.on('ready', () => void subscribe().catch(() => undefined));
  if (subscriber.isReady) void subscribe().catch(() => undefined);
}
