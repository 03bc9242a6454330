import type { Logger } from 'pino';
import type { DecidedOrder } from '../db/orders/decide-batch.ts';
import type { UnitsAfter } from '../db/orders/decide-orders.ts';
import type { RedisClient } from '../db/redis/connect-redis.ts';
import { REDIS_DEADLINE_MS } from '../db/redis/connect-redis.ts';
import { publishUnits } from '../db/redis/publish-units.ts';
import { DecisionBatchType } from '../proto/messages/load-protos.ts';
import { signMessage } from '../proto/messages/signed-message.ts';
import { type Clock, withDeadline } from '../proto/process/clock.ts';
import type { SecretKey } from '../proto/settings/secret-keys.ts';

export type PublishedDecision = DecidedOrder & { replyTo: string };

export type DecisionPublisherOptions = {
  redis: RedisClient;
  logger: Logger;
  clock: Clock;
  /** Of this order-worker. */
  name: string;
  /** Signs the messages: consumers believe no other. */
  key: SecretKey;
};

/** Publishes what was committed: decisions to the consumers that wait for them, one signed message each, and the units to all. */
export function createDecisionPublisher({ redis, logger, clock, name, key }: DecisionPublisherOptions) {
  return async (decisions: PublishedDecision[], units: UnitsAfter[]): Promise<void> => {
    const byConsumer = Map.groupBy(decisions, ({ replyTo }) => replyTo);
    const messages = [...byConsumer].map(([replyTo, group]) => {
      const batch = group.map((decision) => ({ ...decision, liveOrderNo: decision.liveOrderNo ?? '' }));
      const message = DecisionBatchType.serialize({ decisions: batch, toldBy: name });
      return redis.publish(redis.names.decisionsChannel(replyTo), signMessage('decisions', key, message));
    });
    publishUnits(redis, units);
    try {
      await withDeadline(clock, REDIS_DEADLINE_MS, 'publish', Promise.all(messages));
    } catch (error) {
      logger.debug({ err: error }, 'decisions not told; the consumers will ask');
    }
  };
}
