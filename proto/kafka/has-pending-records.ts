import { realClock, withDeadline } from '../process/clock.ts';
import type { LagReader } from './kafka.ts';

const READ_MS = 1000;

/** Whether the group has records to process; false when Kafka does not answer in time. */
export async function hasPendingRecords(lag: LagReader): Promise<boolean> {
  try {
    const partitions = await withDeadline(realClock, READ_MS, 'lag', lag.read());
    return [...partitions.values()].some(({ end, committed }) => end > (committed < 0n ? 0n : committed));
  } catch {
    return false;
  }
}
