import type { Database } from '../../db/mysql/database.ts';
import type { Outcome } from '../../db/orders/decide-batch.ts';
import { type DecideOptions, decideOrders, type PendingOrder } from '../../db/orders/decide-orders.ts';
import type { UnitsAfter } from '../../db/stocks/stock-table.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import { GivenUpError, runForCaller } from '../../proto/process/caller-scope.ts';
import { type Clock, DeadlineError, withDeadline } from '../../proto/process/clock.ts';
import { inStep, type Traces } from '../../proto/traces/traces.ts';

export type DirectDeciderOptions = {
  clock: Clock;
  random(): number;
  database: Database;
  /** Maximum time of a direct decision, including the wait for its batch and a connection, in milliseconds. */
  deadlineMs: number;
  payWithinMs: number;
  /** Called after each COMMIT that changed the units of a stock. */
  onUnits(units: UnitsAfter[]): void;
  onCommitted?: DecideOptions['onCommitted'] | undefined;
  traces?: Traces | undefined;
};

export type DirectDecider = DirectDeciderOptions & {
  /** The batcher of each stock with orders that are being decided. */
  queues: Map<number, StockQueue>;
};

type StockQueue = { decide(order: QueuedOrder): Promise<Outcome | null>; pending: number };
type QueuedOrder = { order: PendingOrder; untilMs: number };

const MAX_BATCH = 1000;
const MAX_WAITING = 5000;

export function createDirectDecider(options: DirectDeciderOptions): DirectDecider {
  return { ...options, queues: new Map() };
}

/**
 * Decides an order without the log. Orders of a stock are batched, one transaction at a time, so that the orders of one provider do not race
 * each other. Rejects when the database does not answer in time; the order may be decided nevertheless.
 */
export function decideDirectly(decider: DirectDecider, order: PendingOrder): Promise<Outcome> {
  return withDeadline(decider.clock, decider.deadlineMs, 'direct decision', decideInQueue(decider, order));
}

async function decideInQueue(decider: DirectDecider, order: PendingOrder): Promise<Outcome> {
  const queue = queueOf(decider, order.sid);
  queue.pending += 1;
  try {
    const outcome = await queue.decide({ order, untilMs: decider.clock.nowMs() + decider.deadlineMs });
    if (!outcome) throw new DeadlineError('direct decision not started in time');
    return outcome;
  } finally {
    queue.pending -= 1;
    if (queue.pending === 0) decider.queues.delete(order.sid);
  }
}

function queueOf(decider: DirectDecider, sid: number): StockQueue {
  let queue = decider.queues.get(sid);
  if (!queue) {
    const decide = createBatcher<QueuedOrder, Outcome | null>({
      clock: decider.clock,
      maxBatch: MAX_BATCH,
      maxInFlight: 1,
      maxWaiting: MAX_WAITING,
      send: (queued) => decideDue(decider, queued),
    });
    queue = { decide, pending: 0 };
    decider.queues.set(sid, queue);
  }
  return queue;
}

/** Drops orders whose deadline has passed: nothing was written for them, and other orders wait. */
async function decideDue(decider: DirectDecider, queued: QueuedOrder[]): Promise<(Outcome | null)[]> {
  const due = queued.filter(({ untilMs }) => untilMs > decider.clock.nowMs());
  const orders = due.map(({ order }) => order);
  const outcomes = orders.length > 0 ? await decideDirectBatch(decider, orders) : [];
  const outcomeOf = new Map(due.map((entry, i) => [entry, outcomes[i]]));
  return queued.map((entry) => outcomeOf.get(entry) ?? null);
}

async function decideDirectBatch(decider: DirectDecider, orders: PendingOrder[]): Promise<Outcome[]> {
  const { clock, random, database, deadlineMs, payWithinMs, onUnits, onCommitted, traces } = decider;
  const untilMs = clock.nowMs() + deadlineMs;
  const deadline = new AbortController();
  const cancel = clock.setTimer(deadlineMs, () => deadline.abort(new GivenUpError('direct decision timed out')));
  const decide = () =>
    decideOrders(database, orders, {
      clock,
      random,
      payWithinMs,
      onCommitted,
      decidedBy: 'direct',
      beforeTry(tries, lastError) {
        if (tries > 0 && clock.nowMs() >= untilMs) {
          throw new DeadlineError(`not decided within ${deadlineMs} ms`, { cause: lastError });
        }
      },
    });
  const step = traces?.startStep('decide directly', traces.sample(orders));
  const run = () => runForCaller(deadline.signal, decide).finally(cancel);
  const { outcomes, units } = await inStep(step, { 'flashsale.orders': orders.length }, run);
  onUnits(units);
  return outcomes;
}
