import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { Test } from 'tap';
import { createTopics } from '../../../proto/kafka/create-topics.ts';
import type { KafkaTarget } from '../../../proto/kafka/kafka.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import { silentLogger } from '../silent-logger.ts';
import { readConfig } from './config.ts';

export type TestTopics = { target: KafkaTarget; brokers: string; prefix: string; names: ReturnType<typeof topicNames> };

/** Topics with a random prefix, deleted when the test ends. `create: false`: not created. */
export async function createTestTopics(t: Test, options: { create?: boolean } = {}): Promise<TestTopics> {
  const brokers = readConfig().TEST_KAFKA_BROKERS;
  const prefix = `test-${randomBytes(6).toString('hex')}-`;
  const target = { brokers: brokers.split(','), clientId: 'test', logger: silentLogger };
  t.teardown(() => deleteTopics(target.brokers, prefix));
  if (options.create !== false) await createTopics({ ...target, topicPrefix: prefix });
  return { target, brokers, prefix, names: topicNames(prefix) };
}

async function deleteTopics(brokers: string[], prefix: string): Promise<void> {
  const admin = new kafkajs.Kafka({ brokers, clientId: 'test', logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(prefix));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  } finally {
    await admin.disconnect();
  }
}
