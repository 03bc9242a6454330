import { randomBytes } from 'node:crypto';
import kafkajs from 'kafkajs';
import type { Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import type { TestTopics } from '../servers/test-topics.ts';

export type TopicRecord = {
  partition: number;
  offset: string;
  key: string;
  value: Buffer | null;
  headers: Record<string, string>;
};

/** Reads a topic from its start until the test ends. `waitFor` resolves with all records when they have this number of different keys. */
export async function readTopic(t: Test, { brokers, prefix }: TestTopics, topic: string) {
  const kafka = new kafkajs.Kafka({
    brokers: brokers.split(','),
    clientId: 'test-reader',
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const consumer = kafka.consumer({
    groupId: `${prefix}reader-${randomBytes(4).toString('hex')}`,
    maxWaitTimeInMs: 50,
  });
  const records: TopicRecord[] = [];
  t.teardown(() => consumer.disconnect());
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    async eachMessage({ partition, message: { key, value, offset, headers } }) {
      const texts = Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)]);
      records.push({ partition, offset, key: String(key), value, headers: Object.fromEntries(texts) });
    },
  });
  return {
    /** Resolves when there are `count` different records; `by` says what makes them different. */
    async waitFor(
      count: number,
      by: (record: TopicRecord) => string | null = ({ key }) => key,
    ): Promise<TopicRecord[]> {
      await waitUntil(
        `${count} records of ${topic}`,
        () => {
          const seen = new Set(records.map(by));
          if (seen.size < count) throw new Error(`${seen.size} so far`);
        },
        { limitMs: 20_000 },
      );
      return records;
    },
  };
}
