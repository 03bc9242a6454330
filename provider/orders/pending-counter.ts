import { partitionOf } from '../../proto/kafka/partition-of.ts';
import type { Clock } from '../../proto/process/clock.ts';

export type PendingCounterOptions = {
  clock: Clock;
  /** By partition: the next offset of the log, and the committed offset of the workers. */
  readLag(): Promise<Map<number, { end: bigint; committed: bigint }>>;
  /** Time between two reads, in milliseconds. Nothing is read while there are no pending records. */
  everyMs: number;
};

export type PendingCounter = {
  /** Call after an acknowledged append. `firstOffset`: the offset of its first record. */
  add(partition: number, sids: number[], firstOffset: bigint): void;
  /** The estimated number of pending orders of a stock. */
  estimate(sid: number): number;
  close(): void;
};

/** Records of one append to one partition that are pending. */
type Appended = { sid: number; records: number; lastOffset: bigint };

type Counts = {
  /** The pending appends of this provider, by partition. */
  appended: Map<number, Appended[]>;
  /** Their records, by stock and by partition. */
  ofStock: Map<number, number>;
  ofPartition: Map<number, number>;
  /** Pending records of all providers at the last read, by partition. */
  lag: Map<number, number>;
};

/**
 * Estimates the pending orders of a stock: the records of this provider after the workers' offset, scaled up to the records of all
 * providers. It does not count decisions, so a crash cannot make it wrong.
 */
export function createPendingCounter({ clock, readLag, everyMs }: PendingCounterOptions): PendingCounter {
  const counts: Counts = { appended: new Map(), ofStock: new Map(), ofPartition: new Map(), lag: new Map() };
  let reading = false;
  let closed = false;

  async function read(): Promise<void> {
    // After close, a read would open a connection that is never closed.
    if (closed) return;
    try {
      update(counts, await readLag());
    } catch {
      // Without the log nothing is appended, and the numbers are useless.
      for (const numbers of Object.values(counts)) numbers.clear();
    }
    if (!closed && counts.appended.size > 0) clock.setTimer(everyMs, read);
    else reading = false;
  }

  return {
    add(partition, sids, firstOffset) {
      if (firstOffset < 0n) return;
      const lastOffset = firstOffset + BigInt(sids.length - 1);
      const list = counts.appended.get(partition) ?? [];
      for (const [sid, group] of Map.groupBy(sids, (sid) => sid)) {
        list.push({ sid, records: group.length, lastOffset });
        count(counts, partition, sid, group.length);
      }
      counts.appended.set(partition, list);
      if (reading || closed) return;
      reading = true;
      clock.setTimer(everyMs, read);
    },

    estimate(sid) {
      const own = counts.ofStock.get(sid) ?? 0;
      if (own === 0) return 0;
      const partition = partitionOf(sid);
      const share = own / Math.max(own, counts.ofPartition.get(partition) ?? 0);
      return Math.max(own, (counts.lag.get(partition) ?? 0) * share);
    },

    close() {
      closed = true;
    },
  };
}

function count({ ofStock, ofPartition }: Counts, partition: number, sid: number, records: number): void {
  ofStock.set(sid, (ofStock.get(sid) ?? 0) + records);
  ofPartition.set(partition, (ofPartition.get(partition) ?? 0) + records);
}

/** Sets the lag, drops appends that are decided, and counts the others again. */
function update(counts: Counts, offsets: Awaited<ReturnType<PendingCounterOptions['readLag']>>): void {
  const { appended, ofStock, ofPartition, lag } = counts;
  lag.clear();
  for (const [partition, { end, committed }] of offsets) {
    lag.set(partition, Number(end - (committed < 0n ? 0n : committed)));
  }
  ofStock.clear();
  ofPartition.clear();
  for (const [partition, list] of appended) {
    const committed = offsets.get(partition)?.committed ?? -1n;
    const pending = list.filter(({ lastOffset }) => lastOffset >= committed);
    if (pending.length > 0) appended.set(partition, pending);
    else appended.delete(partition);
    for (const { sid, records } of pending) count(counts, partition, sid, records);
  }
}
