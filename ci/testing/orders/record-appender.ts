import type { Test } from 'tap';
import { type LogRecord, startAppender } from '../../../proto/kafka/kafka.ts';
import { waitUntil } from '../../command/wait-until.ts';
import type { TestTopics } from '../servers/test-topics.ts';

/** A function that puts records on the topic `orders`. */
export async function startRecordAppender(t: Test, { target, names }: TestTopics) {
  const appender = startAppender(target);
  t.teardown(() => appender.close());
  await waitUntil(
    'the log to be connected',
    () => {
      if (!appender.isConnected()) throw new Error('not yet');
    },
    { limitMs: 10_000 },
  );
  return async (partition: number, records: LogRecord[]): Promise<bigint> => {
    const append = () =>
      appender.append(names.orders, partition, records).catch((error: unknown) => {
        // A new topic's leader may not know of it for a moment, and refuses: then nothing was appended.
        if (isNoLeaderYet(error)) throw error;
        return error;
      });
    const result = await waitUntil('the partition to be led', append, { limitMs: 10_000 });
    if (typeof result !== 'bigint') throw result;
    return result;
  };
}

function isNoLeaderYet(error: unknown): boolean {
  const { type, cause } = error as { type?: string; cause?: unknown };
  return type === 'NOT_LEADER_FOR_PARTITION' || (cause instanceof Error && isNoLeaderYet(cause));
}
