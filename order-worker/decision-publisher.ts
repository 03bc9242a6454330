import type { Logger } from 'pino';
import type { DecidedOrder } from '../db/orders/decide-batch.ts';
import { toDecidedMessage } from '../db/orders/decided-message.ts';
import { REDIS_DEADLINE_MS, type RedisClient } from '../db/redis/connect-redis.ts';
import { publishUnits } from '../db/stocks/publish-units.ts';
import type { UnitsAfter } from '../db/stocks/stock-table.ts';
import { DecisionBatchType } from '../proto/messages/load-protos.ts';
import { signMessage } from '../proto/messages/signed-message.ts';
import { type Clock, withDeadline } from '../proto/process/clock.ts';
import type { SecretKey } from '../proto/settings/secret-keys.ts';

/** `replyTo`: the consumer that waits for the decision. */
export type PublishedDecision = DecidedOrder & { replyTo: string };

/**
 * Publishes committed decisions and units. It never rejects: a consumer that gets no message reads the row. Resolves when the call before it is
 * answered or late, so that the database decides the next batch while Redis answers.
 */
export type PublishDecisions = (decisions: PublishedDecision[], units: UnitsAfter[]) => Promise<void>;

export type DecisionPublisherOptions = {
  redis: RedisClient;
  logger: Logger;
  clock: Clock;
  /** Of this order-worker. */
  name: string;
  /** Signs the messages. Consumers drop messages without a valid signature. */
  key: SecretKey;
};

/** Sends one signed message to each consumer that waits for decisions, and the units to all consumers. */
export function createDecisionPublisher(options: DecisionPublisherOptions): PublishDecisions {
  const { redis, logger, clock, name, key } = options;
  let last: Promise<void> = Promise.resolve();

  async function waitFor(messages: Promise<unknown>[]): Promise<void> {
    try {
      await withDeadline(clock, REDIS_DEADLINE_MS, 'publish', Promise.all(messages));
    } catch (error) {
      logger.debug({ err: error }, 'decisions not published; consumers read the rows');
    }
  }

  return async (decisions, units) => {
    const byConsumer = Map.groupBy(decisions, ({ replyTo }) => replyTo);
    const messages = [...byConsumer].map(([replyTo, group]) => {
      const message = DecisionBatchType.serialize({ decisions: group.map(toDecidedMessage), toldBy: name });
      return redis.publish(redis.names.decisionsChannel(replyTo), signMessage('decisions', key, message));
    });
    publishUnits(redis, units);
    const before = last;
    last = waitFor(messages);
    await before;
  };
}
