import { type Clock, settleWithin } from '../process/clock.ts';
import { NotOwnedError } from './work-through-batch.ts';

export type IsolationOptions = {
  clock: Clock;
  /** Stops receiving records of the partition until `resume`. */
  pause(partition: number): void;
  /** Continues from the first record that is not resolved. */
  resume(partition: number): void;
  /** A partition is stuck while the others continue, or continues again. `error`: what stopped it. */
  onStuck?(partition: number, isStuck: boolean, error?: unknown): void;
};

/** Maximum time that the other partitions wait for one chunk. A transaction takes about 10 ms. */
const SLOW_MS = 200;
/** Time without progress after which a partition is reported as stuck. */
const STUCK_MS = 2000;
const BACK_OFF_MIN_MS = 100;
const BACK_OFF_MAX_MS = 5000;

type Lane = {
  /** The current batch. Never rejects. */
  work: Promise<void> | undefined;
  isPaused: boolean;
  /** The last chunk took longer than SLOW_MS. */
  isSlow: boolean;
  isStuck: boolean;
  failures: number;
  cancelTimer: (() => void) | undefined;
};

/**
 * Keeps a slow or failing partition from delaying the others. kafkajs delivers one batch per partition and waits for all of them. Here a
 * batch with a slow chunk continues in the background with its partition paused, and a batch that fails pauses its partition for a time that
 * doubles up to 5 s. Each partition has at most one batch in progress.
 */
export function createPartitionIsolation({ clock, pause, resume, onStuck }: IsolationOptions) {
  const lanes = new Map<number, Lane>();
  let closed = false;

  function laneOf(partition: number): Lane {
    const lane = lanes.get(partition) ?? {
      work: undefined,
      isPaused: false,
      isSlow: false,
      isStuck: false,
      failures: 0,
      cancelTimer: undefined,
    };
    lanes.set(partition, lane);
    return lane;
  }

  function report(partition: number, lane: Lane, isStuck: boolean, error?: unknown): void {
    if (lane.isStuck === isStuck) return;
    lane.isStuck = isStuck;
    onStuck?.(partition, isStuck, error);
  }

  function pauseLane(partition: number, lane: Lane): void {
    lane.isPaused = true;
    pause(partition);
  }

  function resumeLane(partition: number, lane: Lane): void {
    lane.cancelTimer = undefined;
    if (!lane.isPaused || closed) return;
    lane.isPaused = false;
    resume(partition);
  }

  /** Reports the partition as stuck while no chunk is done within STUCK_MS. */
  function watch(partition: number, lane: Lane, work: Promise<void>, chunksOf: () => number): void {
    const before = chunksOf();
    lane.cancelTimer = clock.setTimer(STUCK_MS, () => {
      if (lane.work !== work) return;
      if (chunksOf() === before) report(partition, lane, true);
      watch(partition, lane, work, chunksOf);
    });
  }

  function end(partition: number, lane: Lane, error: unknown): void {
    lane.work = undefined;
    lane.cancelTimer?.();
    lane.cancelTimer = undefined;
    if (error === undefined || error instanceof NotOwnedError) {
      lane.failures = 0;
      // The next membership starts fresh, so that a new problem is reported.
      if (error !== undefined) lane.isStuck = false;
      resumeLane(partition, lane);
      return;
    }
    // 2^10 exceeds the maximum.
    const delayMs = Math.min(BACK_OFF_MIN_MS * 2 ** Math.min(lane.failures, 10), BACK_OFF_MAX_MS);
    lane.failures += 1;
    report(partition, lane, true, error);
    pauseLane(partition, lane);
    lane.cancelTimer = clock.setTimer(delayMs, () => resumeLane(partition, lane));
  }

  return {
    /** Resolves when the next batch may be fetched: after the work, or earlier with the partition paused. Never rejects. */
    async run(partition: number, work: (onChunk: () => void) => Promise<void>): Promise<void> {
      const lane = laneOf(partition);
      // Work of an earlier membership stops before its next transaction, and then resumes the partition.
      if (lane.work) return pauseLane(partition, lane);
      let chunks = 0;
      let chunkSinceMs = clock.nowMs();
      const onChunk = () => {
        chunks += 1;
        lane.isSlow = clock.nowMs() - chunkSinceMs >= SLOW_MS;
        report(partition, lane, false);
        chunkSinceMs = clock.nowMs();
      };
      const done = work(onChunk).then(
        () => end(partition, lane, undefined),
        (error: unknown) => end(partition, lane, error ?? new Error('rejected without a reason')),
      );
      lane.work = done;
      for (;;) {
        const before = chunks;
        let isLate = false;
        await settleWithin(clock, lane.isSlow ? 0 : SLOW_MS, done, (resolve) => {
          isLate = true;
          resolve();
        });
        if (!isLate) return;
        if (chunks === before) break;
      }
      pauseLane(partition, lane);
      lane.isSlow = true;
      watch(partition, lane, done, () => chunks);
    },

    /** Resolves when no batch is in progress. Resumes no partition. */
    async close(): Promise<void> {
      closed = true;
      for (const { cancelTimer } of lanes.values()) cancelTimer?.();
      await Promise.all([...lanes.values()].map(({ work }) => work));
    },
  };
}
