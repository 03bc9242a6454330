import type { Logger } from 'pino';
import { REDIS_DEADLINE_MS, type RedisClient } from '../db/connect-redis.ts';
import type { DecidedOrder } from '../db/decide-batch.ts';
import { decisionsChannel } from '../db/redis-keys.ts';
import { realClock, withDeadline } from '../proto/clock.ts';
import { DecisionBatchType } from '../proto/load-protos.ts';

export type ToldDecision = DecidedOrder & { replyTo: string };

/** Publishes committed decisions to the consumers that wait for them, one message for each consumer. */
export function decisionTeller(redis: RedisClient, logger: Logger): (decisions: ToldDecision[]) => Promise<void> {
  return async (decisions) => {
    const byConsumer = Map.groupBy(decisions, ({ replyTo }) => replyTo);
    const messages = [...byConsumer].map(([replyTo, group]) => {
      const batch = group.map((decision) => ({ ...decision, liveOrderNo: decision.liveOrderNo ?? '' }));
      return redis.publish(decisionsChannel(replyTo), DecisionBatchType.serialize({ decisions: batch }));
    });
    try {
      await withDeadline(realClock, REDIS_DEADLINE_MS, 'publish', Promise.all(messages));
    } catch (error) {
      logger.debug({ err: error }, 'decisions not told; the consumers will ask');
    }
  };
}
