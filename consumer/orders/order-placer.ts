import type { OrderRequestInput } from '../../proto/gen/flashsale/v1/OrderRequest.ts';
import type { PlacedOrder } from '../../proto/gen/flashsale/v1/PlacedOrder.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { inStep, type Traces } from '../../proto/traces/traces.ts';
import type { Providers } from '../providers/connect-providers.ts';

export type OrderPlacerOptions = {
  clock: Clock;
  /** Name of this consumer: decisions are published to its channel. */
  replyTo: string;
  placeOrders: Providers['placeOrders'];
  /** Maximum number of orders in one call. */
  maxBatch: number;
  maxInFlight: number;
  maxWaiting: number;
  /** The estimated time to the decision of an order. */
  estimateMs(): number;
  traces?: Traces | undefined;
};

export type OrderToPlace = OrderRequestInput & { orderNo: string; sid: number };
/** A provider's answer to one order, and the provider's name. */
export type PlacedBy = PlacedOrder & { servedBy: string };
export type PlaceOrder = (order: OrderToPlace) => Promise<PlacedBy>;

/** A call normally takes 5 to 15 ms. Fewer, larger calls cost all services less. */
const LINGER_MS = 30;
/** Orders gather for this time after the start of a call, and for a share of their wait when there is a backlog. */
const MIN_GAP_MS = 25;
const GAP_OF_WAIT = 0.3;
const MAX_GAP_MS = 150;

/** Sends orders to the providers. Concurrent orders, of any stocks, share one PlaceOrders call. */
export function createOrderPlacer(options: OrderPlacerOptions): PlaceOrder {
  const { replyTo, placeOrders, estimateMs, traces, ...limits } = options;
  return createBatcher<OrderToPlace, PlacedBy>({
    ...limits,
    lingerMs: LINGER_MS,
    gapMs: () => Math.min(Math.max(estimateMs() * GAP_OF_WAIT, MIN_GAP_MS), MAX_GAP_MS),
    async send(orders) {
      const step = traces?.startStep('call provider', traces.sample(orders), { kind: 'client' });
      const call = () => placeOrders({ orders, replyTo });
      const { orders: placed, servedBy } = await inStep(step, { 'flashsale.orders': orders.length }, call);
      return placed.map((answer) => ({ ...answer, servedBy }));
    },
  });
}
