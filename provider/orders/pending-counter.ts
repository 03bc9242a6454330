import { partitionOf } from '../../proto/kafka/partition-of.ts';
import type { Clock } from '../../proto/process/clock.ts';

export type PendingCounterOptions = {
  clock: Clock;
  /** By partition: the next offset of the log, and the offset up to which the workers have decided. */
  readLag(): Promise<Map<number, { end: bigint; committed: bigint }>>;
  /** Time between two reads, in milliseconds. Nothing is read while there are no pending records. */
  everyMs: number;
};

export type PendingCounter = {
  /** Call after an acknowledged append. `sids`: of the orders of each record. `firstOffset`: the offset of the first record. */
  add(partition: number, records: { sids: number[] }[], firstOffset: bigint): void;
  /** The estimated number of pending orders of a stock. */
  estimate(sid: number): number;
  close(): void;
};

type Lag = Awaited<ReturnType<PendingCounterOptions['readLag']>>;

/**
 * Offsets are committed behind published events, which may take seconds. The workers tell over Redis what they have decided. An offset
 * behind the end belongs to a topic that was deleted.
 */
export function addDecidedOffsets(lag: Lag, decided: Map<number, bigint>): Lag {
  return new Map(
    [...lag].map(([partition, { end, committed }]) => {
      const next = decided.get(partition) ?? -1n;
      return [partition, { end, committed: next > committed && next <= end ? next : committed }];
    }),
  );
}

/** One append to one partition that is pending. `orders`: by stock. */
type Appended = { records: number; orders: Map<number, number>; lastOffset: bigint };

type Counts = {
  /** The pending appends of this provider, by partition. */
  appended: Map<number, Appended[]>;
  /** Their orders, by stock. */
  ordersOf: Map<number, number>;
  /** Their records, by partition. */
  recordsOf: Map<number, number>;
  /** Pending records of all providers at the last read, by partition. */
  lag: Map<number, number>;
};

/**
 * Estimates the pending orders of a stock: the orders in this provider's records after the workers' offset, scaled up to the records of
 * all providers, which hold as many orders on average. It does not count decisions, so a crash cannot make it wrong.
 */
export function createPendingCounter({ clock, readLag, everyMs }: PendingCounterOptions): PendingCounter {
  const counts: Counts = { appended: new Map(), ordersOf: new Map(), recordsOf: new Map(), lag: new Map() };
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
    add(partition, records, firstOffset) {
      if (firstOffset < 0n) return;
      const orders = new Map<number, number>();
      for (const { sids } of records) for (const sid of sids) addTo(orders, sid, 1);
      const added = { records: records.length, orders, lastOffset: firstOffset + BigInt(records.length - 1) };
      const list = counts.appended.get(partition) ?? [];
      list.push(added);
      counts.appended.set(partition, list);
      count(counts, partition, added);
      if (reading || closed) return;
      reading = true;
      clock.setTimer(everyMs, read);
    },

    estimate(sid) {
      const own = counts.ordersOf.get(sid) ?? 0;
      if (own === 0) return 0;
      const partition = partitionOf(sid);
      const ordersPerRecord = own / (counts.recordsOf.get(partition) ?? 1);
      return Math.max(own, (counts.lag.get(partition) ?? 0) * ordersPerRecord);
    },

    close() {
      closed = true;
    },
  };
}

function count({ ordersOf, recordsOf }: Counts, partition: number, { records, orders }: Appended): void {
  addTo(recordsOf, partition, records);
  for (const [sid, number] of orders) addTo(ordersOf, sid, number);
}

function addTo(counts: Map<number, number>, key: number, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}

/** Sets the lag, drops appends that are decided, and counts the others again. */
function update(counts: Counts, offsets: Lag): void {
  const { appended, ordersOf, recordsOf, lag } = counts;
  lag.clear();
  for (const [partition, { end, committed }] of offsets) {
    lag.set(partition, Number(end - (committed < 0n ? 0n : committed)));
  }
  ordersOf.clear();
  recordsOf.clear();
  for (const [partition, list] of appended) {
    const committed = offsets.get(partition)?.committed ?? -1n;
    const pending = list.filter(({ lastOffset }) => lastOffset >= committed);
    if (pending.length > 0) appended.set(partition, pending);
    else appended.delete(partition);
    for (const one of pending) count(counts, partition, one);
  }
}
