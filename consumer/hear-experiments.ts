import type { RedisClient } from '../db/connect-redis.ts';
import type { Experiment } from '../proto/experiment.ts';

/** Hears on `channel` how experiments get on. `subscriber` is a connection of its own, which subscribes again after a loss. */
export function hearExperiments(
  subscriber: RedisClient,
  channel: string,
  tell: (experiment: Experiment) => void,
): void {
  const listen = (message: string) => tell(JSON.parse(message) as Experiment);
  let subscribed = false;
  const subscribe = async () => {
    if (subscribed) return;
    await subscriber.subscribe(channel, listen);
    subscribed = true;
  };
  subscriber.on('ready', () => void subscribe().catch(() => undefined));
  if (subscriber.isReady) void subscribe().catch(() => undefined);
}
