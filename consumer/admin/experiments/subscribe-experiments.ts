import type { RedisClient } from '../../../db/redis/connect-redis.ts';
import { subscribeChannel } from '../../../db/redis/subscribe-channel.ts';
import type { Experiment } from '../../../proto/messages/experiment.ts';

/** Hears on `channel` how experiments get on. `subscriber` is a connection that only hears. */
export function subscribeExperiments(
  subscriber: RedisClient,
  channel: string,
  tell: (experiment: Experiment) => void,
): void {
  subscribeChannel(subscriber, channel, (message) => tell(JSON.parse(message.toString()) as Experiment));
}
