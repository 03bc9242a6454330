export type KeptRecord = { offset: number; value: Buffer | null; timestampMs: number };

/** The log's partitions on the brokers. Offsets are never reused unless the topic is recreated. */
export type Log = {
  /** Returns the offset of the first record. */
  append(partition: number, values: (Buffer | null)[]): number;
  /** Null: the offset is out of range. */
  read(partition: number, from: number, max: number): KeptRecord[] | null;
  /** The first offset that is kept, and the next one to be written. */
  ends(partition: number): { first: number; end: number };
  /** Deletes all records; the offsets continue. */
  truncate(): void;
  /** Deletes and creates the topic: offsets begin at 0. */
  recreate(): void;
  /** Calls `wake` at the next append to the partition. */
  onAppend(partition: number, wake: () => void): void;
  /** Whether no record was ever deleted. */
  isWhole(): boolean;
  partitions: readonly number[];
};

/** `nowMs` is the brokers' clock, for the records' timestamps. */
export function createLog(partitions: readonly number[], nowMs: () => number): Log {
  const kept = new Map<number, { first: number; records: Omit<KeptRecord, 'offset'>[] }>();
  const waiting = new Map<number, (() => void)[]>();
  const of = (partition: number) => {
    const records = kept.get(partition);
    if (!records) throw new Error(`no partition ${partition}`);
    return records;
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
      const { first, records } = of(partition);
      const offset = first + records.length;
      records.push(...values.map((value) => ({ value, timestampMs: nowMs() })));
      const woken = waiting.get(partition) ?? [];
      waiting.delete(partition);
      for (const wake of woken) wake();
      return offset;
    },
    read(partition, from, max) {
      const { first, records } = of(partition);
      if (from < first || from > first + records.length) return null;
      return records.slice(from - first, from - first + max).map((record, i) => ({ offset: from + i, ...record }));
    },
    ends(partition) {
      const { first, records } = of(partition);
      return { first, end: first + records.length };
    },
    truncate() {
      whole = false;
      for (const partition of kept.values()) {
        partition.first += partition.records.length;
        partition.records = [];
      }
    },
    onAppend(partition, wake) {
      waiting.set(partition, [...(waiting.get(partition) ?? []), wake]);
    },
  };
}
