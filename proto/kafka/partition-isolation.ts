import { type Clock, settleWithin } from '../process/clock.ts';
import { NotOwnedError } from './work-through-batch.ts';

export type IsolationOptions = {
  clock: Clock;
  /** Stops receiving records of the partition until `resume`. */
  pause(partition: number): void;
  /** Continues from the first record that is not resolved. */
  resume(partition: number): void;
  /** Called when a partition gets stuck while others continue, and when it continues again. `error`: the cause. */
  onStuck?(partition: number, isStuck: boolean, error?: unknown): void;
};

/** Maximum time that the other partitions wait for one chunk. A transaction takes about 10 ms. */
const SLOW_MS = 200;
/** Time without progress after which a partition is reported as stuck. */
const STUCK_MS = 2000;
const BACK_OFF_MIN_MS = 100;
const BACK_OFF_MAX_MS = 5000;

/** The state of one partition. */
type Lane = {
  partition: number;
  /** The current batch. Never rejects. */
  work: Promise<void> | undefined;
  isPaused: boolean;
  /** The last chunk took longer than SLOW_MS. */
  isSlow: boolean;
  isStuck: boolean;
  failures: number;
  cancelTimer: (() => void) | undefined;
};

type Isolation = IsolationOptions & { lanes: Map<number, Lane>; closed: boolean };

/**
 * Keeps a slow or failing partition from delaying the others. kafkajs delivers one batch per partition and waits for all of them. Here a
 * batch with a slow chunk continues in the background with its partition paused, and a batch that fails pauses its partition for a time that
 * doubles up to 5 s. Each partition has at most one batch in progress.
 */
export function createPartitionIsolation(options: IsolationOptions) {
  const isolation: Isolation = { ...options, lanes: new Map(), closed: false };
  return {
    /** Resolves when the next batch may be fetched: after the work, or earlier with the partition paused. Never rejects. */
    run: (partition: number, work: (onChunk: () => void) => Promise<void>) =>
      runBatch(isolation, laneOf(isolation, partition), work),

    /** Resolves when no batch is in progress. Resumes no partition. */
    async close(): Promise<void> {
      isolation.closed = true;
      const lanes = [...isolation.lanes.values()];
      for (const { cancelTimer } of lanes) cancelTimer?.();
      await Promise.all(lanes.map(({ work }) => work));
    },
  };
}

function laneOf({ lanes }: Isolation, partition: number): Lane {
  const lane = lanes.get(partition) ?? {
    partition,
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

async function runBatch(isolation: Isolation, lane: Lane, work: (onChunk: () => void) => Promise<void>): Promise<void> {
  const { clock } = isolation;
  // The batch of an earlier membership still runs. It stops before its next transaction and then resumes the partition.
  if (lane.work) return pauseLane(isolation, lane);
  let chunks = 0;
  let chunkSinceMs = clock.nowMs();
  const onChunk = () => {
    chunks += 1;
    lane.isSlow = clock.nowMs() - chunkSinceMs >= SLOW_MS;
    report(isolation, lane, false);
    chunkSinceMs = clock.nowMs();
  };
  const done = work(onChunk).then(
    () => endBatch(isolation, lane, undefined),
    (error: unknown) => endBatch(isolation, lane, error ?? new Error('rejected without a reason')),
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
  pauseLane(isolation, lane);
  lane.isSlow = true;
  watch(isolation, lane, done, () => chunks);
}

function endBatch(isolation: Isolation, lane: Lane, error: unknown): void {
  lane.work = undefined;
  lane.cancelTimer?.();
  lane.cancelTimer = undefined;
  if (error === undefined || error instanceof NotOwnedError) {
    lane.failures = 0;
    // The next membership starts fresh, so that a new problem is reported.
    if (error !== undefined) lane.isStuck = false;
    resumeLane(isolation, lane);
    return;
  }
  // BACK_OFF_MIN_MS × 2^10 exceeds BACK_OFF_MAX_MS.
  const delayMs = Math.min(BACK_OFF_MIN_MS * 2 ** Math.min(lane.failures, 10), BACK_OFF_MAX_MS);
  lane.failures += 1;
  report(isolation, lane, true, error);
  pauseLane(isolation, lane);
  lane.cancelTimer = isolation.clock.setTimer(delayMs, () => resumeLane(isolation, lane));
}

/** Reports the partition as stuck while no chunk is done within STUCK_MS. */
function watch(isolation: Isolation, lane: Lane, work: Promise<void>, chunksOf: () => number): void {
  const before = chunksOf();
  lane.cancelTimer = isolation.clock.setTimer(STUCK_MS, () => {
    if (lane.work !== work) return;
    if (chunksOf() === before) report(isolation, lane, true);
    watch(isolation, lane, work, chunksOf);
  });
}

function report({ onStuck }: Isolation, lane: Lane, isStuck: boolean, error?: unknown): void {
  if (lane.isStuck === isStuck) return;
  lane.isStuck = isStuck;
  onStuck?.(lane.partition, isStuck, error);
}

function pauseLane({ pause }: Isolation, lane: Lane): void {
  lane.isPaused = true;
  pause(lane.partition);
}

function resumeLane({ closed, resume }: Isolation, lane: Lane): void {
  lane.cancelTimer = undefined;
  if (!lane.isPaused || closed) return;
  lane.isPaused = false;
  resume(lane.partition);
}
