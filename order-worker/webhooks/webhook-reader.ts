import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { type Pace, repeatTransaction } from '../../db/mysql/repeat-transaction.ts';
import { listEndpoints } from '../../db/webhooks/endpoint-table.ts';
import { queueDeliveries } from '../../db/webhooks/queue-deliveries.ts';
import type { KafkaTarget } from '../../proto/kafka/kafka.ts';
import { startTopicConsumer, type TopicConsumer } from '../../proto/kafka/topic-consumer.ts';
import type { HandleBatch } from '../../proto/kafka/work-through-batch.ts';
import { readEvent } from './read-event.ts';

export type WebhookReaderOptions = {
  database: Database;
  kafka: KafkaTarget;
  topic: string;
  group: string;
  pace: Pace;
  logger: Logger;
};

const MAX_BATCH = 500;

/** Reads the events while there are endpoints, so that an installation without webhooks does no work for them. */
export function createWebhookReader({ database, kafka, topic, group, pace, logger }: WebhookReaderOptions) {
  let consumer: TopicConsumer | undefined;
  let isNeeded = false;

  // The offset of a batch is committed after its deliveries, so nothing is lost; a batch that comes again adds nothing.
  const handle: HandleBatch = async (partition, records) => {
    const events = records.map(({ value }) => readEvent(value)).filter((event) => event !== null);
    if (events.length < records.length) {
      logger.warn({ partition, records: records.length - events.length }, 'records that are no events; skipped');
    }
    if (events.length === 0) return;
    await repeatTransaction(database, (transaction) => queueDeliveries(transaction, events), pace);
  };

  async function close(): Promise<void> {
    const closed = consumer;
    consumer = undefined;
    await closed?.close();
  }

  return {
    /** Whether there were endpoints at the last update. */
    isNeeded: () => isNeeded,

    /** Joins the group, or leaves it. Call it again and again: it also joins again after a crash. */
    async update(): Promise<void> {
      isNeeded = (await database.session(listEndpoints)).length > 0;
      if (!isNeeded) return close();
      if (consumer) return;
      const started = await startTopicConsumer(kafka, {
        topic,
        group,
        maxBatch: MAX_BATCH,
        handle,
        onAssigned: () => undefined,
        onStuck: (partition, isStuck, error) => {
          if (isStuck) logger.warn({ partition, err: error }, 'webhook deliveries not stored; retrying');
        },
        onCrash: (error) => {
          logger.warn({ err: error }, 'reader of events ended; it is started again');
          if (consumer === started) consumer = undefined;
        },
      });
      consumer = started;
    },
    close,
  };
}
