import { LRUCache } from 'lru-cache';
import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import { isClosedForGood } from '../../db/orders/purge-rules.ts';
import { isCappedOrderNumber } from '../../proto/messages/order-number.ts';
import type { Clock } from '../../proto/process/clock.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { StockReader } from '../stocks/stock-reader.ts';
import { type Bought, type BuyRequest, buyUnit } from './buy-unit.ts';
import { createDecisionWaiters, type DecisionWaiters } from './decision-waiters.ts';
import { createOrderLookUps, decisionFromOrder, type OrderLookUps } from './order-look-ups.ts';
import type { OrderToPlace, PlacedBy } from './order-placer.ts';
import { createPendingOrders, type PlacedOrderNo, type Resent } from './pending-orders.ts';
import { toDecided } from './subscribe-decisions.ts';

const REFUSED_REMEMBERED = 10_000;

/** Where orders are taken and their decisions heard: what one consumer knows of orders on their way. */
export type OrderClient = OrderLookUps & {
  buy(request: BuyRequest): Promise<Bought>;
  /**
   * For each poll of a valid number that has no row: sends it again, unless this consumer does so anyway. False: the number is never
   * decided any more, because its stock is gone or closed long ago, or a provider refused it for good.
   */
  onPoll(orderNo: string, sid: number, buyer: string): Promise<boolean>;
  waiters: DecisionWaiters;
  /** Calls `hear` for every decision that is told to this consumer, until the returned function is called. */
  onDecision(hear: (decided: DecidedOrder) => void): () => void;
  /** Order numbers sent and not known to be decided. */
  pendingCount(): number;
  close(): void;
};

export type OrderClientOptions = {
  clock: Clock;
  providers: Pick<Providers, 'getOrders' | 'findLiveOrders'>;
  stocks: StockReader;
  placeOrder(order: OrderToPlace): Promise<PlacedBy>;
  /** Calls `tell` for each decision that is told to this consumer, until the returned function is called. */
  subscribeDecisions(tell: (decided: DecidedOrder) => void): () => void;
  /** Longest wait for a decision, in milliseconds. */
  waitMs: number;
  maxWaiting: number;
  maxPending: number;
};

export function startOrderClient(parts: OrderClientOptions): OrderClient {
  const { clock, stocks, placeOrder, waitMs } = parts;
  const refusedForGood = new LRUCache<string, true>({ max: REFUSED_REMEMBERED });
  const lookUps = createOrderLookUps(clock, parts.providers);
  const waiters = createDecisionWaiters(parts.maxWaiting);
  const listeners = new Set<(decided: DecidedOrder) => void>();
  const readDecision = async (orderNo: string) => {
    const order = await lookUps.getOrder(orderNo);
    return order && decisionFromOrder(order);
  };
  const undecided = createPendingOrders({
    clock,
    readDecision,
    placeAgain: resend,
    tell,
    maxKept: parts.maxPending,
  });

  function tell(decided: DecidedOrder): void {
    undecided.forget(decided.orderNo);
    waiters.tell(decided);
    for (const hear of listeners) hear(decided);
  }

  async function resend(order: PlacedOrderNo): Promise<Resent> {
    const { placement, decided } = await placeOrder({ ...order, repeat: true, promised: true });
    const refused = placement === 'REFUSED_MISFIT' || placement === 'REFUSED_NO_SUCH_STOCK';
    if (refused) refusedForGood.set(order.orderNo, true);
    return { refused, decided: placement === 'DECIDED' && decided ? toDecided(decided) : null };
  }

  const unsubscribe = parts.subscribeDecisions(tell);
  const dependencies = {
    clock,
    waitMs,
    placeOrder,
    readDecision,
    waiters,
    undecided,
    async findLiveDecision(sid: number, buyer: string) {
      const order = await lookUps.findLiveOrder({ sid, buyer });
      return order && decisionFromOrder(order);
    },
  };

  return {
    ...lookUps,
    waiters,
    buy: (request) => buyUnit(dependencies, request),
    async onPoll(orderNo, sid, buyer) {
      if (refusedForGood.has(orderNo)) return false;
      const { value: stock } = await stocks.read(sid);
      if (stock === null || isClosedForGood(stock)) return false;
      if (undecided.isKept(orderNo)) return true;
      // The highest price is not known here, and none is below 0: an order that got lost takes no unit for more than it was to cost.
      const cap = isCappedOrderNumber(orderNo) ? { maxPriceCents: 0 } : {};
      const order = { orderNo, sid, buyer, mintedAtMs: Date.now(), takesNoUnit: false, ...cap };
      undecided.keep(order);
      resend(order).then(
        ({ refused, decided }) => {
          if (refused) undecided.forget(orderNo);
          if (decided) tell(decided);
        },
        () => undefined,
      );
      return true;
    },
    onDecision(hear) {
      listeners.add(hear);
      return () => listeners.delete(hear);
    },
    pendingCount: () => undecided.size(),
    close() {
      undecided.close();
      unsubscribe();
    },
  };
}
