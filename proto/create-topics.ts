import { type KafkaTarget, makeTopics } from './kafka.ts';
import { ORDER_PARTITIONS } from './partition-of.ts';
import { ORDER_RETENTION_DAYS, topicNames } from './topics.ts';

/** Makes the topics that are missing, with `replicas` copies of each partition. */
export async function createTopics(target: KafkaTarget & { topicPrefix: string; replicas?: number }): Promise<void> {
  const names = topicNames(target.topicPrefix);
  await makeTopics(
    target,
    [
      { topic: names.orders, partitions: ORDER_PARTITIONS, retentionDays: ORDER_RETENTION_DAYS },
      { topic: names.ordersDead, partitions: 1, retentionDays: 4 * ORDER_RETENTION_DAYS },
      { topic: names.orderEvents, partitions: ORDER_PARTITIONS, retentionDays: ORDER_RETENTION_DAYS },
    ],
    target.replicas ?? 1,
  );
}
