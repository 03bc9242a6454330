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

type Appended = { sid: number; records: number; lastOffset: bigint };

/**
 * Estimates the pending orders of a stock: the records of this provider after the workers' offset, scaled up to the records of all
 * providers. It does not count decisions, so a crash cannot make it wrong.
 */
export function createPendingCounter({ clock, readLag, everyMs }: PendingCounterOptions): PendingCounter {
  const appended = new Map<number, Appended[]>();
  let lag = new Map<number, number>();
  let own = new Map<number, number>();
  let ownOfPartition = new Map<number, number>();
  let reading = false;
  let closed = false;

  function count(partition: number, sid: number, records: number): void {
    own.set(sid, (own.get(sid) ?? 0) + records);
    ownOfPartition.set(partition, (ownOfPartition.get(partition) ?? 0) + records);
  }

  function recount(committed: (partition: number) => bigint): void {
    own = new Map();
    ownOfPartition = new Map();
    for (const [partition, list] of appended) {
      const open = list.filter(({ lastOffset }) => lastOffset >= committed(partition));
      if (open.length > 0) appended.set(partition, open);
      else appended.delete(partition);
      for (const { sid, records } of open) count(partition, sid, records);
    }
  }

  async function read(): Promise<void> {
    // After close, a read would open a connection that is never closed.
    if (closed) return;
    try {
      const offsets = await readLag();
      lag = new Map(
        [...offsets].map(([partition, { end, committed }]) => [
          partition,
          Number(end - (committed < 0n ? 0n : committed)),
        ]),
      );
      recount((partition) => offsets.get(partition)?.committed ?? -1n);
    } catch {
      // Without the log nothing is appended, and the numbers are useless.
      lag.clear();
      appended.clear();
      own.clear();
      ownOfPartition.clear();
    }
    if (!closed && appended.size > 0) clock.setTimer(everyMs, read);
    else reading = false;
  }

  return {
    add(partition, sids, firstOffset) {
      if (firstOffset < 0n) return;
      const lastOffset = firstOffset + BigInt(sids.length - 1);
      const list = appended.get(partition) ?? [];
      for (const [sid, group] of Map.groupBy(sids, (sid) => sid)) {
        list.push({ sid, records: group.length, lastOffset });
        count(partition, sid, group.length);
      }
      appended.set(partition, list);
      if (reading || closed) return;
      reading = true;
      clock.setTimer(everyMs, read);
    },

    estimate(sid) {
      const mine = own.get(sid) ?? 0;
      if (mine === 0) return 0;
      const partition = partitionOf(sid);
      const share = mine / Math.max(mine, ownOfPartition.get(partition) ?? 0);
      return Math.max(mine, (lag.get(partition) ?? 0) * share);
    },

    close() {
      closed = true;
    },
  };
}
