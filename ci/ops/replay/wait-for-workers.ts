import { setTimeout as sleep } from 'node:timers/promises';
import { type KafkaTarget, startLagReader } from '../../../proto/kafka/kafka.ts';

const POLL_MS = 500;
const STALLED_MS = 60_000;
const HINT =
  'Check that order-workers are running. Stocks rest until npm run replay -- --wait reaches the end of the log';

/** Waits until the workers have decided all records that are on the log now; resolves with their number. Rejects after `stalledMs` without progress. */
export async function waitForWorkers(
  target: KafkaTarget,
  topic: string,
  group: string,
  onProgress: (left: number) => void,
  stalledMs = STALLED_MS,
): Promise<number> {
  const log = startLagReader(target, topic, group);
  try {
    const ends = new Map([...(await log.read())].map(([partition, { end }]) => [partition, end]));
    const countLeft = async () => {
      const now = await log.read();
      const leftOf = ([partition, end]: [number, bigint]) => {
        const committed = now.get(partition)?.committed ?? -1n;
        return end - (committed < 0n ? 0n : committed);
      };
      return Number([...ends].map(leftOf).reduce((sum, left) => (left > 0n ? sum + left : sum), 0n));
    };
    const first = await countLeft();
    let [left, movedMs] = [first, performance.now()];
    while (left > 0) {
      onProgress(left);
      await sleep(POLL_MS);
      const now = await countLeft();
      if (now !== left) movedMs = performance.now();
      left = now;
      if (performance.now() - movedMs > stalledMs) {
        throw new Error(`${left} records are left, and none was decided for ${stalledMs / 1000} s. ${HINT}`);
      }
    }
    return first;
  } finally {
    await log.close();
  }
}
