import type { Clock } from '../process/clock.ts';

export type OffsetCommitterOptions = {
  clock: Clock;
  /** Between two commits, in milliseconds. */
  everyMs: number;
  /** The next owner of each partition begins at its offset. */
  commit(offsets: Map<number, bigint>): Promise<void>;
};

/**
 * Commits the newest offset of each partition, those of a while together. No work waits for it: whoever begins too early is
 * handed records that are decided already, and that changes nothing. What cannot be committed is tried again with the next.
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
    try {
      await commit(offsets);
    } catch {
      for (const [partition, next] of offsets) if (!newest.has(partition)) note(partition, next);
    }
  }

  function note(partition: number, next: bigint): void {
    if (closed) return;
    newest.set(partition, next);
    stopTimer ??= clock.setTimer(everyMs, () => {
      committing = committing.then(commitAll);
    });
  }

  return {
    /** After the work on the records before `next`. */
    note,
    /** What is noted of other partitions than these is theirs to commit who own them now. */
    keepOnly(partitions: number[]): void {
      for (const partition of newest.keys()) if (!partitions.includes(partition)) newest.delete(partition);
    },
    /** Commits what is noted; nothing is committed afterwards. */
    async close(): Promise<void> {
      closed = true;
      stopTimer?.();
      await committing;
      await commitAll();
    },
  };
}
