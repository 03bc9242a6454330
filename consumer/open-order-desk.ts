import type { DecidedOrder } from '../db/decide-batch.ts';
import { isLongClosed } from '../db/purge-rules.ts';
import type { Clock } from '../proto/clock.ts';
import { type Bought, type BuyRequest, buyUnit } from './buy-unit.ts';
import type { Providers } from './call-provider.ts';
import { keepUndecided } from './keep-undecided.ts';
import { createOrderLookUps, decisionFromOrder, type OrderLookUps } from './look-up-orders.ts';
import type { OrderToPlace, PlacedBy } from './place-order.ts';
import type { ReadStock } from './read-stock.ts';
import { createDecisionWaiters, type DecisionWaiters } from './wait-for-decisions.ts';

/** Where orders are taken and their decisions heard: what one consumer knows of orders on their way. */
export type OrderDesk = OrderLookUps & {
  buy(request: BuyRequest): Promise<Bought>;
  /** For each poll of a valid number that has no row: sends it again, unless this consumer does so anyway. */
  onPoll(orderNo: string, sid: number, buyer: string): void;
  /** Whether refusals of this stock may have been purged: a number without a row is then not decided any more. */
  mayBePurged(sid: number): Promise<boolean>;
  waiters: DecisionWaiters;
  /** Calls `hear` for every decision that is told to this consumer, until the returned function is called. */
  onDecision(hear: (decided: DecidedOrder) => void): () => void;
  /** Order numbers sent and not known to be decided. */
  undecidedCount(): number;
  close(): void;
};

export type OrderDeskParts = {
  clock: Clock;
  providers: Pick<Providers, 'getOrders' | 'findLiveOrders'>;
  readStock: ReadStock;
  placeOrder(order: OrderToPlace): Promise<PlacedBy>;
  /** Calls `tell` for each decision that is told to this consumer, until the returned function is called. */
  hearDecisions(tell: (decided: DecidedOrder) => void): () => void;
  /** Longest wait for a decision, in milliseconds. */
  waitMs: number;
  maxWaiting: number;
  maxUndecided: number;
};

export function openOrderDesk(parts: OrderDeskParts): OrderDesk {
  const { clock, readStock, placeOrder, waitMs } = parts;
  const lookUps = createOrderLookUps(clock, parts.providers);
  const waiters = createDecisionWaiters(parts.maxWaiting);
  const listeners = new Set<(decided: DecidedOrder) => void>();
  const readDecision = async (orderNo: string) => {
    const order = await lookUps.getOrder(orderNo);
    return order && decisionFromOrder(order);
  };
  const undecided = keepUndecided({
    clock,
    readDecision,
    placeAgain: (order) => placeOrder({ ...order, repeat: true, promised: true }),
    tell,
    maxKept: parts.maxUndecided,
  });

  function tell(decided: DecidedOrder): void {
    undecided.forget(decided.orderNo);
    waiters.tell(decided);
    for (const hear of listeners) hear(decided);
  }

  const stopHearing = parts.hearDecisions(tell);
  const dependencies = {
    ...{ clock, waitMs, readStock, placeOrder, readDecision, waiters, undecided },
    async findLiveDecision(sid: number, buyer: string) {
      const order = await lookUps.findLiveOrder({ sid, buyer });
      return order && decisionFromOrder(order);
    },
  };

  return {
    ...lookUps,
    waiters,
    buy: (request) => buyUnit(dependencies, request),
    async mayBePurged(sid) {
      const { value: stock } = await readStock(sid);
      return stock !== null && isLongClosed(stock);
    },
    onPoll(orderNo, sid, buyer) {
      if (undecided.isKept(orderNo)) return;
      const order = { orderNo, sid, buyer, mintedAtMs: Date.now() };
      undecided.keep(order);
      placeOrder({ ...order, repeat: true, promised: true }).catch(() => undefined);
    },
    onDecision(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    undecidedCount: () => undecided.size(),
    close() {
      undecided.close();
      stopHearing();
    },
  };
}
