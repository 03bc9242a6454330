import { classifyDatabaseError } from '../db/mysql/classify-database-error.ts';
import type { Database } from '../db/mysql/database.ts';
import { confirmOrders } from '../db/orders/confirm-orders.ts';
import { isInvalidOrder } from '../db/orders/decide-batch.ts';
import {
  type BeforeTry,
  type Decided,
  type DecideOptions,
  decideOrders,
  type FreshDecision,
  type PendingOrder,
} from '../db/orders/decide-orders.ts';
import type { Clock } from '../proto/process/clock.ts';
import { createRecentNumbers } from './recent-numbers.ts';

export type OrderDecider = (orders: PendingOrder[], beforeTry: BeforeTry) => Promise<Decided>;
export type OrderDeciderOptions = Omit<DecideOptions, 'decidedBy' | 'beforeTry'>;

const MAX_SLOW_STOCKS = 10_000;
/** The procedure is missing, or the right to call it. */
const CALL_AGAIN_MS = 60_000;

/**
 * Decides a batch in one call if all its orders can be confirmed, and otherwise, as a whole, by decideOrders. A batch is never divided:
 * a later order would be decided before an earlier one. While orders of a stock are refused, its batches make no call that would fail.
 */
export function createOrderDecider(database: Database, options: OrderDeciderOptions): OrderDecider {
  const { clock, onCommitted } = options;
  const recent = createRecentNumbers();
  const slow = createSlowStocks(clock);

  /** Null: nothing is decided, or it is unknown whether it is. */
  async function confirm(orders: PendingOrder[], beforeTry: BeforeTry): Promise<Decided | null> {
    if (slow.includesAnyOf(orders)) return null;
    await beforeTry(0, null);
    try {
      const confirmed = await confirmOrders(database, orders, {
        decidedBy: 'log',
        payWithinMs: options.payWithinMs,
        mayBeKnown: recent.has,
      });
      if (!confirmed) return null;
      const { fresh, ...decided } = confirmed;
      onCommitted?.({ fresh, orders: orders.length });
      return decided;
    } catch (error) {
      slow.addAfter(error, orders);
      await beforeTry(1, error);
      return null;
    }
  }

  async function decideCarefully(orders: PendingOrder[], beforeTry: BeforeTry): Promise<Decided> {
    const decisions: FreshDecision[] = [];
    const decided = await decideOrders(database, orders, {
      ...options,
      decidedBy: 'log',
      beforeTry,
      onCommitted(batch) {
        decisions.push(...batch.fresh);
        onCommitted?.(batch);
      },
    });
    slow.learnFrom(orders, decisions);
    return decided;
  }

  return async (orders, beforeTry) => {
    const decided = (await confirm(orders, beforeTry)) ?? (await decideCarefully(orders, beforeTry));
    for (const outcome of decided.outcomes) if (!isInvalidOrder(outcome)) recent.add(outcome.orderNo);
    return decided;
  };
}

/** Stocks whose batches are not decided in one call: of their last batch, which was decided by decideOrders, not all were confirmed. */
function createSlowStocks(clock: Pick<Clock, 'nowMs'>) {
  const sids = new Set<number>();
  let allUntilMs = Number.NEGATIVE_INFINITY;

  function add(sid: number): void {
    if (sids.size >= MAX_SLOW_STOCKS) sids.clear();
    sids.add(sid);
  }

  return {
    includesAnyOf: (orders: PendingOrder[]) => clock.nowMs() < allUntilMs || orders.some(({ sid }) => sids.has(sid)),
    addAfter(error: unknown, orders: PendingOrder[]): void {
      if (classifyDatabaseError(error) === 'statement') allUntilMs = clock.nowMs() + CALL_AGAIN_MS;
      for (const { sid } of orders) add(sid);
    },
    learnFrom(orders: PendingOrder[], decisions: FreshDecision[]): void {
      const confirmed = new Set(decisions.map(({ sid }) => sid));
      for (const { sid, decision } of decisions) if (decision !== 'CONFIRMED') confirmed.delete(sid);
      for (const { sid } of orders) {
        if (confirmed.has(sid)) sids.delete(sid);
        else add(sid);
      }
    },
  };
}
