import type { SimulatedProcess } from '../../world/simulated-process.ts';
import type { World } from '../../world/world.ts';
import type { Log } from './log.ts';

export type LogAccess = {
  log: Log;
  /** Whether the brokers, or the partition's leader, answer. */
  isUp(partition?: number): boolean;
};

export type AppendRecords = (partition: number, records: { value: Buffer | null }[]) => Promise<bigint>;

const MIN_LATE_MS = 500;
const MAX_LATE_MS = 6000;

/** Appends for one process. Requests and answers get lost, late or doubled as the faults say. */
export function createRecordAppender(
  { time, random, faults, latencyMs, trace }: World,
  process: SimulatedProcess,
  { log, isUp }: LogAccess,
): AppendRecords {
  const put = (partition: number, values: (Buffer | null)[], how: string) => {
    const offset = log.append(partition, values);
    trace.add(() => `${process.name}: ${values.length} on the log at ${partition}/${offset}${how}`);
    return offset;
  };
  return (partition, records) =>
    new Promise((resolve, reject) => {
      const values = records.map(({ value }) => value);
      const answer = (act: () => void) => time.after(latencyMs(), () => process.deliver(act));
      time.after(latencyMs(), () => {
        if (random.chance(faults.appendLate)) {
          // The client's own request is still on its way and arrives after the client has given up.
          time.after(random.between(MIN_LATE_MS, MAX_LATE_MS), () => put(partition, values, ', late'));
        } else if (isUp(partition) && !random.chance(faults.appendLost)) {
          const offset = put(partition, values, '');
          if (random.chance(faults.appendTwice)) put(partition, values, ', again');
          if (!random.chance(faults.appendAnswerLost)) return answer(() => resolve(BigInt(offset)));
        }
        if (random.chance(0.5)) answer(() => reject(new Error('the broker does not answer')));
      });
    });
}
