import { type Clock, settleWithin } from '../process/clock.ts';
import { NotOursError } from './work-through-batch.ts';

export type IsolationOptions = {
  clock: Clock;
  /** Lets no more records of the partition be handed over until `resume`. */
  pause(partition: number): void;
  /** From the first record that was not resolved. */
  resume(partition: number): void;
  /** A partition does not get on while the others do, or gets on again. The error that stopped it, if any. */
  onStuck?(partition: number, isStuck: boolean, error?: unknown): void;
};

/** Longest time that the other partitions wait for one chunk. A transaction takes some 10 ms. */
const PATIENCE_MS = 200;
/** What is slower than patience is no news yet. */
const STUCK_MS = 2000;
const BACK_OFF_MIN_MS = 100;
const BACK_OFF_MAX_MS = 5000;

type Lane = {
  /** What is worked on, and ends without rejecting. */
  work: Promise<void> | undefined;
  isPaused: boolean;
  /** Its last chunk took longer than the others may wait. */
  isSlow: boolean;
  isStuck: boolean;
  failures: number;
  callOff: (() => void) | undefined;
};

/**
 * Keeps one partition's trouble its own. kafkajs hands over one batch of each partition and waits for all of them: a batch whose
 * chunk takes too long is left to go on by itself, with its partition paused until it ends; a batch that fails pauses its
 * partition for a while that doubles, up to 5 s. Of each partition one batch at most is worked on.
 */
export function isolatePartitions({ clock, pause, resume, onStuck }: IsolationOptions) {
  const lanes = new Map<number, Lane>();
  let closed = false;

  function laneOf(partition: number): Lane {
    const lane = lanes.get(partition) ?? {
      work: undefined,
      isPaused: false,
      isSlow: false,
      isStuck: false,
      failures: 0,
      callOff: undefined,
    };
    lanes.set(partition, lane);
    return lane;
  }

  function tell(partition: number, lane: Lane, isStuck: boolean, error?: unknown): void {
    if (lane.isStuck === isStuck) return;
    lane.isStuck = isStuck;
    onStuck?.(partition, isStuck, error);
  }

  function pauseLane(partition: number, lane: Lane): void {
    lane.isPaused = true;
    pause(partition);
  }

  function resumeLane(partition: number, lane: Lane): void {
    lane.callOff = undefined;
    if (!lane.isPaused || closed) return;
    lane.isPaused = false;
    resume(partition);
  }

  /** Tells that the work is stuck where no chunk of it is done for a while. */
  function watch(partition: number, lane: Lane, work: Promise<void>, chunksOf: () => number): void {
    const before = chunksOf();
    lane.callOff = clock.setTimer(STUCK_MS, () => {
      if (lane.work !== work) return;
      if (chunksOf() === before) tell(partition, lane, true);
      watch(partition, lane, work, chunksOf);
    });
  }

  /** After the work has ended. */
  function end(partition: number, lane: Lane, error: unknown): void {
    lane.work = undefined;
    lane.callOff?.();
    lane.callOff = undefined;
    if (error === undefined || error instanceof NotOursError) {
      lane.failures = 0;
      // Its next membership begins without a past, and a new trouble is reported.
      if (error !== undefined) lane.isStuck = false;
      resumeLane(partition, lane);
      return;
    }
    // 2^10 is far beyond the longest.
    const delayMs = Math.min(BACK_OFF_MIN_MS * 2 ** Math.min(lane.failures, 10), BACK_OFF_MAX_MS);
    lane.failures += 1;
    tell(partition, lane, true, error);
    pauseLane(partition, lane);
    lane.callOff = clock.setTimer(delayMs, () => resumeLane(partition, lane));
  }

  return {
    /** Resolves when the next batch may be asked for: after the work, or before, with the partition paused. Never rejects. */
    async run(partition: number, work: (onChunk: () => void) => Promise<void>): Promise<void> {
      const lane = laneOf(partition);
      // Of an earlier membership: it stops before its next transaction, and resumes the partition then.
      if (lane.work) return pauseLane(partition, lane);
      let chunks = 0;
      let chunkSinceMs = clock.nowMs();
      const onChunk = () => {
        chunks += 1;
        lane.isSlow = clock.nowMs() - chunkSinceMs >= PATIENCE_MS;
        tell(partition, lane, false);
        chunkSinceMs = clock.nowMs();
      };
      const done = work(onChunk).then(
        () => end(partition, lane, undefined),
        (error: unknown) => end(partition, lane, error ?? new Error('no reason given')),
      );
      lane.work = done;
      for (;;) {
        const before = chunks;
        let isLate = false;
        await settleWithin(clock, lane.isSlow ? 0 : PATIENCE_MS, done, (resolve) => {
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

    /** Resolves when nothing is worked on any more; nothing is resumed then. */
    async close(): Promise<void> {
      closed = true;
      for (const { callOff } of lanes.values()) callOff?.();
      await Promise.all([...lanes.values()].map(({ work }) => work));
    },
  };
}
