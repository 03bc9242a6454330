import type { RedisClient } from '../db/connect-redis.ts';
import type { DecidedOrder, Decision, OrderState } from '../db/decide-batch.ts';
import { hearChannel } from '../db/hear-channel.ts';
import type { DecidedOrder as DecidedMessage } from '../proto/gen/flashsale/v1/DecidedOrder.ts';
import { DecisionBatchType } from '../proto/load-protos.ts';

/** A decision as messages carry it. */
export function toDecided({ orderNo, decision, liveOrderNo, state }: DecidedMessage): DecidedOrder {
  return { orderNo, decision: decision as Decision, liveOrderNo: liveOrderNo || null, state: state as OrderState };
}

/** Hears the decisions that are told to this consumer, and by which worker. What is told while Redis is away is asked for. */
export function hearDecisions(
  subscriber: RedisClient,
  consumer: string,
  tell: (decided: DecidedOrder, toldBy: string) => void,
): void {
  hearChannel(subscriber, subscriber.names.decisionsChannel(consumer), (message) => {
    const { decisions, toldBy } = DecisionBatchType.deserialize(message);
    for (const decided of decisions) tell(toDecided(decided), toldBy);
  });
}
