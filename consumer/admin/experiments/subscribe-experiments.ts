import type { RedisClient } from '../../../db/redis/connect-redis.ts';
import { subscribeChannel } from '../../../db/redis/subscribe-channel.ts';
import type { Experiment } from '../../../proto/messages/experiment.ts';

/** Subscribes to the progress of experiments on `channel`. `subscriber`: a connection that is used for subscriptions only. */
export function subscribeExperiments(
  subscriber: RedisClient,
  channel: string,
  onProgress: (experiment: Experiment) => void,
): void {
  subscribeChannel(subscriber, channel, (message) => onProgress(JSON.parse(message.toString()) as Experiment));
}
