export type KeptRecord = { offset: number; value: Buffer | null; timestampMs: number };

/** The log's partitions as the broker has them. Offsets never come again, but when a topic was made anew. */
export type Log = {
  /** The offset of the first record. */
  append(partition: number, values: (Buffer | null)[]): number;
  /** Null: the offset is out of range. */
  read(partition: number, from: number, most: number): KeptRecord[] | null;
  /** The first offset that is still there, and the next one. */
  ends(partition: number): { first: number; end: number };
  /** All records are gone, the offsets go on. */
  truncate(): void;
  /** The topic is deleted and made anew: offsets begin at 0. */
  recreate(): void;
  /** Calls `wake` at the next append to the partition. */
  onAppend(partition: number, wake: () => void): void;
  /** Whether it still has every record it ever had. */
  isWhole(): boolean;
  partitions: readonly number[];
};

/** `nowMs`: the brokers' clock, for the records' timestamps. */
export function createLog(partitions: readonly number[], nowMs: () => number): Log {
  const kept = new Map<number, { first: number; records: Omit<KeptRecord, 'offset'>[] }>();
  const waiting = new Map<number, (() => void)[]>();
  const of = (partition: number) => {
    const one = kept.get(partition);
    if (!one) throw new Error(`there is no partition ${partition}`);
    return one;
  };
  let whole = true;
  const empty = () => {
    for (const partition of partitions) kept.set(partition, { first: 0, records: [] });
  };
  empty();
  return {
    partitions,
    isWhole: () => whole,
    recreate() {
      whole = false;
      empty();
    },
    append(partition, values) {
      const one = of(partition);
      const offset = one.first + one.records.length;
      one.records.push(...values.map((value) => ({ value, timestampMs: nowMs() })));
      const woken = waiting.get(partition) ?? [];
      waiting.delete(partition);
      for (const wake of woken) wake();
      return offset;
    },
    read(partition, from, most) {
      const { first, records } = of(partition);
      if (from < first || from > first + records.length) return null;
      return records.slice(from - first, from - first + most).map((record, i) => ({ offset: from + i, ...record }));
    },
    ends(partition) {
      const { first, records } = of(partition);
      return { first, end: first + records.length };
    },
    truncate() {
      whole = false;
      for (const one of kept.values()) {
        one.first += one.records.length;
        one.records = [];
      }
    },
    onAppend(partition, wake) {
      waiting.set(partition, [...(waiting.get(partition) ?? []), wake]);
    },
  };
}
