import type { Database } from '../../db/mysql/database.ts';
import type { Outcome } from '../../db/orders/decide-batch.ts';
import { type DecideOptions, decideOrders, type PendingOrder } from '../../db/orders/decide-orders.ts';
import type { UnitsAfter } from '../../db/stocks/stock-table.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import { GivenUpError, runForCaller } from '../../proto/process/caller-scope.ts';
import { type Clock, DeadlineError, withDeadline } from '../../proto/process/clock.ts';

export type DirectOptions = {
  clock: Clock;
  random(): number;
  database: Database;
  deadlineMs: number;
  payWithinMs: number;
  /** Called after each COMMIT that changed a stock's units. */
  onUnits(units: UnitsAfter[]): void;
  onCommitted?: DecideOptions['onCommitted'];
};

type Queued = { order: PendingOrder; untilMs: number };
type Gather = (queued: Queued) => Promise<Outcome | null>;

const MAX_BATCH = 1000;
const MAX_WAITING = 5000;

/**
 * Decides orders without the log, in batches: one transaction per stock and provider at a time, so that a crowd does not race
 * itself. Rejects when the database gave no answer in time; the order may have been decided all the same.
 */
export function createDirectDecider(options: DirectOptions): (order: PendingOrder) => Promise<Outcome> {
  const { clock, deadlineMs, database } = options;
  const stocks = new Map<number, { decide: (order: PendingOrder) => Promise<Outcome>; pending: number }>();

  async function decideBatch(orders: PendingOrder[]): Promise<Outcome[]> {
    const untilMs = clock.nowMs() + deadlineMs;
    const time = new AbortController();
    const cancel = clock.setTimer(deadlineMs, () => time.abort(new GivenUpError('the time to decide is up')));
    const decide = () =>
      decideOrders(database, orders, {
        ...options,
        decidedBy: 'direct',
        beforeTry(tries, lastError) {
          if (tries > 0 && clock.nowMs() >= untilMs) {
            throw new DeadlineError(`not decided within ${deadlineMs} ms`, { cause: lastError });
          }
        },
      });
    const { outcomes, units } = await runForCaller(time.signal, decide).finally(cancel);
    options.onUnits(units);
    return outcomes;
  }

  /** Those whose callers have been sent away meanwhile are dropped: nothing was written, and others wait behind them. */
  async function decideInTime(queued: Queued[]): Promise<(Outcome | null)[]> {
    const due = queued.filter(({ untilMs }) => untilMs > clock.nowMs());
    const outcomes = due.length > 0 ? await decideBatch(due.map(({ order }) => order)) : [];
    const outcomeOf = new Map(due.map((one, i) => [one, outcomes[i]]));
    return queued.map((one) => outcomeOf.get(one) ?? null);
  }

  async function decideOne(gather: Gather, order: PendingOrder): Promise<Outcome> {
    const outcome = await gather({ order, untilMs: clock.nowMs() + deadlineMs });
    if (!outcome) throw new DeadlineError('its turn came too late');
    return outcome;
  }

  return (order) => {
    let stock = stocks.get(order.sid);
    if (!stock) {
      const limits = { maxBatch: MAX_BATCH, maxInFlight: 1, maxWaiting: MAX_WAITING };
      const gather = createBatcher({ ...limits, clock, send: decideInTime });
      stock = { decide: (order) => decideOne(gather, order), pending: 0 };
      stocks.set(order.sid, stock);
    }
    const { decide } = stock;
    stock.pending += 1;
    const decided = decide(order).finally(() => forget(order.sid));
    // Waiting for its turn and for a connection count too.
    return withDeadline(clock, deadlineMs, 'direct decision', decided);
  };

  function forget(sid: number): void {
    const stock = stocks.get(sid);
    if (!stock) return;
    stock.pending -= 1;
    if (stock.pending === 0) stocks.delete(sid);
  }
}
