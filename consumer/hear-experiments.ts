import type { RedisClient } from '../db/connect-redis.ts';
import { EXPERIMENTS_CHANNEL } from '../db/redis-keys.ts';
import type { Experiment } from '../proto/experiment.ts';

/** Hears how experiments get on. `subscriber` is a connection of its own, which subscribes again after a loss. */
export function hearExperiments(subscriber: RedisClient, tell: (experiment: Experiment) => void): void {
  const listen = (message: string) => tell(JSON.parse(message) as Experiment);
  let subscribed = false;
  const subscribe = async () => {
    if (subscribed) return;
    await subscriber.subscribe(EXPERIMENTS_CHANNEL, listen);
    subscribed = true;
  };
  subscriber.on('ready', () => void subscribe().catch(() => undefined));
  if (subscriber.isReady) void subscribe().catch(() => undefined);
}
