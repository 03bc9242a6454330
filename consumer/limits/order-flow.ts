const SLICE_MS = 100;
/** Rates are measured over a second. */
const SLICES = 10;
/** After 5 s without backlog an earlier slow time says nothing about now. */
const CALM_SLICES = 50;
/** Without any decision for this time nothing is known of the rate: a dependency is away, and the orders that wait are promised. */
const STALL_SLICES = 3;
/** Orders that wait are a backlog if they need this time at the known rate. Below, the rate is that of the buyers, not of the system. */
const BACKLOG_SECONDS = 0.1;

/** The orders that wait for their decision, and how many are decided in a second. Each call first lets the time pass until `nowMs`. */
export type OrderFlow = {
  enter(nowMs: number): void;
  /** `isInTime`: the order was answered before its deadline. */
  leave(nowMs: number, isInTime: boolean): void;
  turnAway(nowMs: number): void;
  waiting(): number;
  /** The estimated time to the decision of an order that is sent now. */
  estimateMs(nowMs: number): number;
  /** The time that the orders need which wait, and which were turned away in the last second. */
  drainMs(nowMs: number): number;
};

/** The rate starts as assumed, rises with each faster second, and falls only after a whole second of backlog in which decisions came. */
export function createOrderFlow(assumedRate: number, startMs: number): OrderFlow {
  let waiting = 0;
  let rate = assumedRate;
  let slice = Math.floor(startMs / SLICE_MS);
  /** The fewest that waited in this slice. */
  let fewest = 0;
  let backlogSlices = 0;
  let calmSlices = 0;
  let slicesWithoutDecision = 0;
  // The last element is the current slice.
  const decided = [0];
  const turnedAway = [0];

  function passTime(nowMs: number): void {
    const now = Math.floor(nowMs / SLICE_MS);
    // More slices would change nothing.
    for (slice = Math.max(slice, now - CALM_SLICES - SLICES); slice < now; slice += 1) endSlice();
  }

  function endSlice(): void {
    const isBacklog = fewest > 0 && fewest >= rate * BACKLOG_SECONDS;
    backlogSlices = isBacklog ? backlogSlices + 1 : 0;
    calmSlices = isBacklog ? 0 : calmSlices + 1;
    slicesWithoutDecision = decided.at(-1) === 0 ? slicesWithoutDecision + 1 : 0;
    const perSecond = sum(decided);
    if (backlogSlices >= SLICES && slicesWithoutDecision < STALL_SLICES) rate = Math.max(perSecond, 1);
    else rate = Math.max(rate, perSecond, calmSlices >= CALM_SLICES ? assumedRate : 0);
    for (const slices of [decided, turnedAway]) if (slices.push(0) > SLICES) slices.shift();
    fewest = waiting;
  }

  return {
    enter(nowMs) {
      passTime(nowMs);
      waiting += 1;
    },
    leave(nowMs, isInTime) {
      passTime(nowMs);
      waiting -= 1;
      fewest = Math.min(fewest, waiting);
      if (isInTime) addToLast(decided);
    },
    turnAway(nowMs) {
      passTime(nowMs);
      addToLast(turnedAway);
    },
    waiting: () => waiting,
    estimateMs(nowMs) {
      passTime(nowMs);
      return (waiting / rate) * 1000;
    },
    drainMs(nowMs) {
      passTime(nowMs);
      return ((waiting + sum(turnedAway)) / rate) * 1000;
    },
  };
}

function addToLast(slices: number[]): void {
  slices.push((slices.pop() ?? 0) + 1);
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
