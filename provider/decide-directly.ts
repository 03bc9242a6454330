import type { Outcome } from '../db/decide-batch.ts';
import {
  type DecideOptions,
  decideOrders,
  type OrderStore,
  type PendingOrder,
  type UnitsAfter,
} from '../db/decide-orders.ts';
import { type Clock, DeadlineError, withDeadline } from '../proto/clock.ts';
import { gatherBatches } from '../proto/gather-batches.ts';

export type DirectOptions = {
  clock: Clock;
  random(): number;
  store: OrderStore;
  deadlineMs: number;
  payWithinMs: number;
  /** Called after each COMMIT that changed a stock's units. */
  onUnits(units: UnitsAfter[]): void;
  onCommitted?: DecideOptions['onCommitted'];
};

const MAX_BATCH = 1000;
const MAX_WAITING = 5000;

/**
 * Decides orders without the log, in batches: one transaction per stock and provider at a time, so that a crowd does not race
 * itself. Rejects when the database gave no answer in time; the order may have been decided all the same.
 */
export function createDirectDecider(options: DirectOptions): (order: PendingOrder) => Promise<Outcome> {
  const { clock, deadlineMs, store } = options;
  const stocks = new Map<number, { decide: (order: PendingOrder) => Promise<Outcome>; pending: number }>();

  async function decideBatch(orders: PendingOrder[]): Promise<Outcome[]> {
    const untilMs = clock.nowMs() + deadlineMs;
    const { outcomes, units } = await decideOrders(store, orders, {
      ...options,
      decidedBy: 'direct',
      beforeTry(tries, lastError) {
        if (tries > 0 && clock.nowMs() >= untilMs) {
          throw new DeadlineError(`not decided within ${deadlineMs} ms`, { cause: lastError });
        }
      },
    });
    options.onUnits(units);
    return outcomes;
  }

  return (order) => {
    let stock = stocks.get(order.sid);
    if (!stock) {
      const decide = gatherBatches({ send: decideBatch, maxBatch: MAX_BATCH, callsOut: 1, maxWaiting: MAX_WAITING });
      stock = { decide, pending: 0 };
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
