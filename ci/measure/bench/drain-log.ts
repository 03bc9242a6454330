import type { LagReader } from '../../../proto/kafka/kafka.ts';
import { waitUntil } from '../../command/wait-until.ts';

const DRAIN_LIMIT_MS = 120_000;

/** Resolves when the order-workers have decided every record of the log. */
export function drainLog(lag: LagReader): Promise<void> {
  return waitUntil(
    'the log to be decided',
    async () => {
      const behind = [...(await lag.read()).values()].filter(({ end, committed }) => end > 0n && committed < end);
      if (behind.length > 0) throw new Error(`${behind.length} partitions are behind`);
    },
    { limitMs: DRAIN_LIMIT_MS },
  );
}
