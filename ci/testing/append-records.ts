import type { Test } from 'tap';
import { type LogRecord, openAppender } from '../../proto/kafka.ts';
import { waitUntil } from '../system/wait-until.ts';
import type { TestTopics } from './open-test-topics.ts';

/** A function that puts records on the topic `orders`. */
export async function openRecordAppender(t: Test, { target, names }: TestTopics) {
  const appender = openAppender(target);
  t.teardown(() => appender.close());
  await waitUntil(
    'the log to be connected',
    () => {
      if (!appender.isConnected()) throw new Error('not yet');
    },
    { limitMs: 10_000 },
  );
  return (partition: number, records: LogRecord[]) => appender.append(names.orders, partition, records);
}
