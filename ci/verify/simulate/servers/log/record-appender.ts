import type { SimulatedProcess } from '../../world/simulated-process.ts';
import type { World } from '../../world/world.ts';
import type { Log } from './log.ts';

/** The road to the brokers, and to one partition's leader. */
export type LogRoad = { log: Log; isUp(partition?: number): boolean };

const MIN_LATE_MS = 500;
const MAX_LATE_MS = 6000;

/** One process's way to append, with all that can become of it on the way. */
export function createRecordAppender(
  { time, random, faults, latencyMs, story }: World,
  process: SimulatedProcess,
  road: LogRoad,
) {
  const { log } = road;
  const put = (partition: number, values: (Buffer | null)[], how: string) => {
    const offset = log.append(partition, values);
    story.tell(() => `${process.name}: ${values.length} on the log at ${partition}/${offset}${how}`);
    return offset;
  };
  return (partition: number, records: { value: Buffer | null }[]): Promise<bigint> =>
    new Promise((resolve, reject) => {
      const values = records.map(({ value }) => value);
      const answer = (act: () => void) => time.after(latencyMs(), () => process.deliver(act));
      time.after(latencyMs(), () => {
        if (random.chance(faults.appendLate)) {
          // The client's own request is still somewhere: it arrives when nobody counts on it any more.
          time.after(random.between(MIN_LATE_MS, MAX_LATE_MS), () => put(partition, values, ', late'));
        } else if (road.isUp(partition) && !random.chance(faults.appendLost)) {
          const offset = put(partition, values, '');
          if (random.chance(faults.appendTwice)) put(partition, values, ', again');
          if (!random.chance(faults.appendAnswerLost)) return answer(() => resolve(BigInt(offset)));
        }
        if (random.chance(0.5)) answer(() => reject(new Error('the broker does not answer')));
      });
    });
}
