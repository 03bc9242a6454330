import { startLagReader } from '../../../proto/kafka/kafka.ts';
import { waitUntil } from '../../command/wait-until.ts';
import type { TestTopics } from '../servers/test-topics.ts';

/** Waits until the order-workers have committed the offsets of all current records. */
export async function waitForDrain({ target, names }: TestTopics): Promise<void> {
  const log = await startLagReader(target, names.orders, names.workerGroup);
  try {
    await waitUntil(
      'the order-workers to drain the log',
      async () => {
        for (const [partition, { end, committed }] of await log.read())
          if (end > 0n && committed < end) throw new Error(`partition ${partition}: ${committed} of ${end}`);
      },
      { limitMs: 25_000 },
    );
  } finally {
    await log.close();
  }
}
