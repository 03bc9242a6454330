import { LRUCache } from 'lru-cache';
import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import { isClosedForGood } from '../../db/stocks/purge-rules.ts';
import { kindOfOrderNumber } from '../../proto/messages/order-number.ts';
import type { Clock } from '../../proto/process/clock.ts';
import type { Admission, OrderEnd } from '../limits/admission.ts';
import type { Providers } from '../providers/connect-providers.ts';
import type { StockReader } from '../stocks/stock-reader.ts';
import type { BuyAnswer } from './buy-answer.ts';
import { type BuyDependencies, type BuyRequest, buyUnit, turnAwayEarly } from './buy-unit.ts';
import { createDecisionWaiters } from './decision-waiters.ts';
import { createOrderLookUps, type OrderLookUps, readDecision } from './order-look-ups.ts';
import type { PlaceOrder } from './order-placer.ts';
import { type PendingOrders, type PlacedOrderNo, type ResendResult, startPendingOrders } from './pending-orders.ts';
import { resendOrder } from './send-order.ts';

const REFUSED_IN_MEMORY = 10_000;

type DecisionListener = (decided: DecidedOrder) => void;

/** Sends the orders of one consumer and receives their decisions. */
export type OrderClient = OrderLookUps & {
  buy(request: BuyRequest): Promise<BuyAnswer>;
  /** Counts an order that waits for something before it is sent, such as a limiter. The returned function counts the end of that. */
  arrive(sid: number): OrderEnd;
  /** The answer to a new order that could not be decided in time; null: it can. */
  turnAway(request: BuyRequest): Promise<BuyAnswer> | null;
  /**
   * To be called for each poll of a valid number without a row: sends it again, unless this consumer does so anyway. False: the number is
   * never decided, because its stock is gone or closed long ago, or a provider refused it for good.
   */
  onPoll(orderNo: string, sid: number, buyer: string): Promise<boolean>;
  /** Requests that wait for a decision. */
  waitingCount(): number;
  /** Calls `listener` for every decision that is delivered to this consumer, until the returned function is called. */
  onDecision(listener: DecisionListener): () => void;
  /** Orders sent and not known to be decided. */
  pendingCount(): number;
  /** Milliseconds since the oldest of them was sent for the first time; 0: none. */
  pendingAgeMs(): number;
  close(): void;
};

export type OrderClientOptions = {
  clock: Clock;
  providers: Pick<Providers, 'getOrders' | 'findLiveOrders'>;
  stocks: StockReader;
  placeOrder: PlaceOrder;
  /** Calls `listener` for each decision that is published to this consumer, until the returned function is called. */
  subscribeDecisions(listener: DecisionListener): () => void;
  /** Longest wait for a decision, in milliseconds. */
  waitMs: number;
  admission: Admission;
  maxWaiting: number;
  maxPending: number;
};

type ClientDependencies = BuyDependencies & {
  pending: PendingOrders;
  stocks: StockReader;
  listeners: Set<DecisionListener>;
  refusedForGood: LRUCache<string, true>;
};

export function startOrderClient(options: OrderClientOptions): OrderClient {
  const { clock, waitMs, stocks, placeOrder, admission } = options;
  const lookUps = createOrderLookUps(clock, options.providers);
  const pending = startPendingOrders({
    clock,
    readDecision: (orderNo) => readDecision(lookUps, orderNo),
    resend: (order) => resend(dependencies, order),
    onDecision: (decided) => deliver(dependencies, decided),
    maxKept: options.maxPending,
  });
  const waiters = createDecisionWaiters(options.maxWaiting);
  const listeners = new Set<DecisionListener>();
  const refusedForGood = new LRUCache<string, true>({ max: REFUSED_IN_MEMORY });
  const dependencies: ClientDependencies = {
    clock,
    waitMs,
    placeOrder,
    lookUps,
    waiters,
    admission,
    pending,
    stocks,
    listeners,
    refusedForGood,
  };
  const unsubscribe = options.subscribeDecisions((decided) => deliver(dependencies, decided));

  return {
    ...lookUps,
    buy: (request) => buyUnit(dependencies, request),
    arrive: admission.enter,
    turnAway: (request) => turnAwayEarly(dependencies, request),
    onPoll: (orderNo, sid, buyer) => sendPolledOrder(dependencies, orderNo, sid, buyer),
    waitingCount: waiters.waiting,
    onDecision(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    pendingCount: pending.size,
    pendingAgeMs: pending.oldestAgeMs,
    close() {
      pending.close();
      unsubscribe();
    },
  };
}

function deliver({ pending, waiters, listeners }: ClientDependencies, decided: DecidedOrder): void {
  pending.forget(decided.orderNo);
  waiters.deliver(decided);
  for (const listener of listeners) listener(decided);
}

async function resend({ placeOrder, refusedForGood }: ClientDependencies, order: PlacedOrderNo): Promise<ResendResult> {
  const result = await resendOrder(placeOrder, order);
  if (result.state === 'REFUSED') refusedForGood.set(order.orderNo, true);
  return result;
}

async function sendPolledOrder(
  dependencies: ClientDependencies,
  orderNo: string,
  sid: number,
  buyer: string,
): Promise<boolean> {
  const { stocks, pending, refusedForGood } = dependencies;
  if (refusedForGood.has(orderNo)) return false;
  const { value: stock } = await stocks.read(sid);
  if (stock === null || isClosedForGood(stock)) return false;
  if (pending.isKept(orderNo)) return true;
  const order = { orderNo, sid, buyer, mintedAtMs: Date.now(), ...termsOfPoll(orderNo) };
  pending.keep(order);
  resend(dependencies, order).then(
    (result) => {
      if (result.state === 'REFUSED') pending.forget(orderNo);
      if (result.state === 'DECIDED') deliver(dependencies, result.decided);
    },
    () => undefined,
  );
  return true;
}

/** What the number alone does not tell is not guessed: an order that was lost takes no unit above its price limit, and no other quantity. */
function termsOfPoll(orderNo: string): Pick<PlacedOrderNo, 'takesNoUnit' | 'metClosed' | 'maxPriceCents'> {
  switch (kindOfOrderNumber(orderNo)) {
    case 'plain':
      return { takesNoUnit: false };
    case 'capped':
      // No price is below 0.
      return { takesNoUnit: false, maxPriceCents: 0 };
    case 'detailed':
      return { takesNoUnit: true, metClosed: true };
  }
}
