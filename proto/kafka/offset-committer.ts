import type { Clock } from '../process/clock.ts';

export type OffsetCommitterOptions = {
  clock: Clock;
  /** Time between two commits, in milliseconds. */
  everyMs: number;
  /** Stores the offset from which the next owner of each partition starts. Resolves with those that must wait, or nothing. */
  commit(offsets: Map<number, bigint>): Promise<Map<number, bigint> | undefined>;
};

/**
 * Commits the newest offset of each partition, all partitions together. No work waits for a commit: an owner that starts too early receives
 * records that are already decided, which changes nothing. A commit that fails is retried with the next one.
 */
export function startOffsetCommitter({ clock, everyMs, commit }: OffsetCommitterOptions) {
  let newest = new Map<number, bigint>();
  let stopTimer: (() => void) | undefined;
  let committing: Promise<void> = Promise.resolve();
  let closed = false;

  async function commitAll(): Promise<void> {
    stopTimer = undefined;
    const offsets = newest;
    newest = new Map();
    if (offsets.size === 0) return;
    const later = await commit(offsets).catch(() => offsets);
    for (const [partition, next] of later ?? []) if (!newest.has(partition)) note(partition, next);
  }

  function note(partition: number, next: bigint): void {
    if (closed) return;
    newest.set(partition, next);
    stopTimer ??= clock.setTimer(everyMs, () => {
      committing = committing.then(commitAll);
    });
  }

  return {
    /** Call after the work on the records before `next`. */
    note,
    /** Drops the offsets of all other partitions: their new owners commit them. */
    keepOnly(partitions: number[]): void {
      for (const partition of newest.keys()) if (!partitions.includes(partition)) newest.delete(partition);
    },
    /** Commits the noted offsets. Later offsets are ignored. */
    async close(): Promise<void> {
      closed = true;
      stopTimer?.();
      await committing;
      await commitAll();
    },
  };
}
