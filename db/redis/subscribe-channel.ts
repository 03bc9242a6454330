import type { RedisClient } from './connect-redis.ts';

/**
 * Hears what is told on a channel. `subscriber` is a connection that does nothing else; node-redis subscribes again after a
 * loss. Subscribing fails while Redis is away at the start: it is tried at each connection until it was done once.
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
