import { LRUCache } from 'lru-cache';
import type { Clock } from '../../proto/process/clock.ts';
import { createOrderFlow, type OrderFlow } from './order-flow.ts';

export type AdmissionOptions = {
  clock: Pick<Clock, 'nowMs'>;
  random(): number;
  /** Longest wait for a decision, in milliseconds. 0: no order waits, and the estimate refuses nothing. */
  waitMs: number;
  /** Decisions a second that are expected until they are measured. */
  assumedRate: number;
  /** While fewer orders of a stock wait, the estimate refuses none of them: so few say nothing about its rate, and harm no other stock. */
  minWaiting: number;
  /** Maximum number of orders of one stock that wait. */
  maxWaitingPerStock: number;
  onRefused?(): void;
};

/** Refuses new orders that could not be answered in time, before anything of them is sent. */
export type Admission = {
  /** Whether an order of this stock that is sent now would get its decision too late. */
  isOverloaded(sid: number): boolean;
  /** Counts a refused order, and returns the seconds after which it may come again: random, over the time that the backlog needs. */
  turnAway(sid: number): number;
  /** Counts an order that is sent. The returned function counts its end. */
  enter(sid: number): OrderEnd;
  /** The estimated time to the decision of an order that is sent now, in milliseconds. */
  estimateMs(): number;
};

/** `isInTime`: the order was answered before its deadline. */
export type OrderEnd = (isInTime: boolean) => void;

const MIN_RETRY_SPREAD_SECONDS = 2;
const MAX_RETRY_SPREAD_SECONDS = 10;
const STOCKS_IN_MEMORY = 10_000;

/**
 * The estimate is the number of orders that wait, divided by the decisions of a second: for the orders of the stock, and for all orders of this
 * process. A stock whose orders are stuck takes few of the places, and does not make the others wait.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { clock, random, waitMs, assumedRate, minWaiting, maxWaitingPerStock, onRefused } = options;
  const all = createOrderFlow(assumedRate, clock.nowMs());
  const stocks = new LRUCache<number, OrderFlow>({ max: STOCKS_IN_MEMORY });

  function flowOf(sid: number): OrderFlow {
    const known = stocks.get(sid);
    if (known) return known;
    const flow = createOrderFlow(assumedRate, clock.nowMs());
    stocks.set(sid, flow);
    return flow;
  }

  return {
    isOverloaded(sid) {
      const nowMs = clock.nowMs();
      const stock = flowOf(sid);
      if (stock.waiting() >= maxWaitingPerStock) return true;
      if (waitMs === 0 || stock.waiting() < minWaiting) return false;
      return Math.max(stock.estimateMs(nowMs), all.estimateMs(nowMs)) > waitMs;
    },
    turnAway(sid) {
      onRefused?.();
      const nowMs = clock.nowMs();
      const flows = [all, flowOf(sid)];
      for (const flow of flows) flow.turnAway(nowMs);
      const seconds = Math.ceil(Math.max(...flows.map((flow) => flow.drainMs(nowMs))) / 1000);
      const spread = Math.min(Math.max(seconds, MIN_RETRY_SPREAD_SECONDS), MAX_RETRY_SPREAD_SECONDS);
      return 1 + Math.floor(random() * spread);
    },
    enter(sid) {
      const flows = [all, flowOf(sid)];
      for (const flow of flows) flow.enter(clock.nowMs());
      return (isInTime) => {
        for (const flow of flows) flow.leave(clock.nowMs(), isInTime);
      };
    },
    estimateMs: () => all.estimateMs(clock.nowMs()),
  };
}
