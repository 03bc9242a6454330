import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import { toDecidedOrder } from '../../db/orders/decided-message.ts';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import { subscribeChannel } from '../../db/redis/subscribe-channel.ts';
import { DecisionBatchType } from '../../proto/messages/load-protos.ts';
import { verifySignedMessage } from '../../proto/messages/signed-message.ts';
import type { SecretKey } from '../../proto/settings/secret-keys.ts';

/**
 * Subscribes to the decisions that are published to this consumer, and calls `onDecision` with each and the worker's name. A message that
 * no order-worker signed is dropped. What is published while Redis is away is lost: the consumer reads the rows instead.
 */
export function subscribeDecisions(
  subscriber: RedisClient,
  consumer: string,
  keys: SecretKey[],
  onDecision: (decided: DecidedOrder, worker: string) => void,
): void {
  subscribeChannel(subscriber, subscriber.names.decisionsChannel(consumer), (message) => {
    const payload = verifySignedMessage('decisions', keys, message);
    if (payload === null) return;
    const { decisions, toldBy: worker } = DecisionBatchType.deserialize(payload);
    for (const decided of decisions) onDecision(toDecidedOrder(decided), worker);
  });
}
