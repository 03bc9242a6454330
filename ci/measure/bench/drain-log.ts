import type { LagReader } from '../../../proto/kafka/kafka.ts';
import { waitUntil } from '../../command/wait-until.ts';

const DRAIN_LIMIT_MS = 120_000;

/** Resolves when the workers have decided the log to its end. */
export function drainLog(lag: LagReader): Promise<void> {
  return waitUntil(
    'the log to be decided',
    async () => {
      const open = [...(await lag.read()).values()].filter(({ end, committed }) => end > 0n && committed < end);
      if (open.length > 0) throw new Error(`${open.length} partitions are behind`);
    },
    { limitMs: DRAIN_LIMIT_MS },
  );
}
