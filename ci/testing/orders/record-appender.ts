import type { Test } from 'tap';
import type { LogRecord } from '../../../proto/kafka/kafka.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { connectAppender } from '../../local/servers/connect-appender.ts';
import type { TestTopics } from '../servers/test-topics.ts';

/** Returns a function that appends records to the topic `orders`. */
export async function startRecordAppender(t: Test, { target, names }: TestTopics) {
  const appender = await connectAppender(target);
  t.teardown(() => appender.close());
  return async (partition: number, records: LogRecord[]): Promise<bigint> => {
    const append = () =>
      appender.append(names.orders, partition, records).catch((error: unknown) => {
        // A new topic has no leader for a moment; the broker then rejects the append without a record.
        if (isNoLeaderYet(error)) throw error;
        return error;
      });
    const result = await waitUntil('the partition to have a leader', append, { limitMs: 10_000 });
    if (typeof result !== 'bigint') throw result;
    return result;
  };
}

function isNoLeaderYet(error: unknown): boolean {
  const { type, cause } = error as { type?: string; cause?: unknown };
  return type === 'NOT_LEADER_FOR_PARTITION' || (cause instanceof Error && isNoLeaderYet(cause));
}
