import type { Clock } from '../../proto/process/clock.ts';

export type PendingCounterOptions = {
  clock: Clock;
  /** By partition: the log's next offset and the workers' committed one. */
  readLag(): Promise<Map<number, { end: bigint; committed: bigint }>>;
  /** Between two reads, in milliseconds. Nothing is read while nothing was appended. */
  everyMs: number;
};

type Appended = { sid: number; records: number; lastOffset: bigint };

/**
 * Estimates how many orders of a stock are on the log and not decided: what this provider appended behind the workers' offset,
 * scaled up to what lies there from all providers. Nothing is counted up and down that a crash could leave wrong.
 */
export function createPendingCounter({ clock, readLag, everyMs }: PendingCounterOptions) {
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
    // The log is left by now, and a read would open a connection that nobody closes.
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
      // The log does not answer: then nothing goes there, and what is known is of no use.
      lag.clear();
      appended.clear();
      own.clear();
      ownOfPartition.clear();
    }
    if (!closed && appended.size > 0) clock.setTimer(everyMs, read);
    else reading = false;
  }

  return {
    /** After an append that was acknowledged; `firstOffset` is that of its first record. */
    add(partition: number, sids: number[], firstOffset: bigint): void {
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

    estimate(sid: number, partition: number): number {
      const mine = own.get(sid) ?? 0;
      if (mine === 0) return 0;
      const share = mine / Math.max(mine, ownOfPartition.get(partition) ?? 0);
      return Math.max(mine, (lag.get(partition) ?? 0) * share);
    },

    close(): void {
      closed = true;
    },
  };
}
