import type { DecidedOrder, Decision, OrderState } from '../../db/orders/decide-batch.ts';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import { subscribeChannel } from '../../db/redis/subscribe-channel.ts';
import type { DecidedOrder as DecidedMessage } from '../../proto/gen/flashsale/v1/DecidedOrder.ts';
import { DecisionBatchType } from '../../proto/messages/load-protos.ts';
import { verifySignedMessage } from '../../proto/messages/signed-message.ts';
import type { SecretKey } from '../../proto/settings/secret-keys.ts';

/** A decision as messages carry it. */
export function toDecided({ orderNo, decision, liveOrderNo, state }: DecidedMessage): DecidedOrder {
  return { orderNo, decision: decision as Decision, liveOrderNo: liveOrderNo || null, state: state as OrderState };
}

/**
 * Subscribes to the decisions that are published to this consumer, and calls `tell` with each and the worker's name. A message that no
 * order-worker signed is dropped. What was published while Redis was away is asked for.
 */
export function subscribeDecisions(
  subscriber: RedisClient,
  consumer: string,
  keys: SecretKey[],
  tell: (decided: DecidedOrder, toldBy: string) => void,
): void {
  subscribeChannel(subscriber, subscriber.names.decisionsChannel(consumer), (message) => {
    const payload = verifySignedMessage('decisions', keys, message);
    if (payload === null) return;
    const { decisions, toldBy } = DecisionBatchType.deserialize(payload);
    for (const decided of decisions) tell(toDecided(decided), toldBy);
  });
}
