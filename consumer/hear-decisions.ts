import type { RedisClient } from '../db/connect-redis.ts';
import type { DecidedOrder, Decision, OrderState } from '../db/decide-batch.ts';
import { decisionsChannel } from '../db/redis-keys.ts';
import type { DecidedOrder as DecidedMessage } from '../proto/gen/flashsale/v1/DecidedOrder.ts';
import { DecisionBatchType } from '../proto/load-protos.ts';

/** A decision as messages carry it. */
export function toDecided({ orderNo, decision, liveOrderNo, state }: DecidedMessage): DecidedOrder {
  return { orderNo, decision: decision as Decision, liveOrderNo: liveOrderNo || null, state: state as OrderState };
}

/**
 * Hears the decisions that are told to this consumer. `subscriber` is a connection of its own; node-redis subscribes again after
 * a loss, and what was told meanwhile is asked for.
 */
export function hearDecisions(subscriber: RedisClient, consumer: string, tell: (decided: DecidedOrder) => void): void {
  const listen = (message: Buffer) => {
    for (const decided of DecisionBatchType.deserialize(message).decisions) tell(toDecided(decided));
  };
  // Subscribing fails while Redis is away at the start; it is tried at each connection until it was done once.
  let subscribed = false;
  const subscribe = async () => {
    if (subscribed) return;
    await subscriber.subscribe(decisionsChannel(consumer), listen, true);
    subscribed = true;
  };
  subscriber.on('ready', () => void subscribe().catch(() => undefined));
  if (subscriber.isReady) void subscribe().catch(() => undefined);
}
