import type { OrderRequestInput } from '../../proto/gen/flashsale/v1/OrderRequest.ts';
import type { PlacedOrder } from '../../proto/gen/flashsale/v1/PlacedOrder.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import type { Clock } from '../../proto/process/clock.ts';
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
};

export type OrderToPlace = OrderRequestInput & { orderNo: string; sid: number };
/** A provider's answer to one order, and the provider's name. */
export type PlacedBy = PlacedOrder & { servedBy: string };
export type PlaceOrder = (order: OrderToPlace) => Promise<PlacedBy>;

/** A call normally takes 5 to 15 ms. Fewer, larger calls cost all services less. */
const LINGER_MS = 30;

/** Sends orders to the providers. Concurrent orders, of any stocks, share one PlaceOrders call. */
export function createOrderPlacer(options: OrderPlacerOptions): PlaceOrder {
  const { replyTo, placeOrders, ...limits } = options;
  return createBatcher<OrderToPlace, PlacedBy>({
    ...limits,
    lingerMs: LINGER_MS,
    async send(orders) {
      const { orders: placed, servedBy } = await placeOrders({ orders, replyTo });
      return placed.map((answer) => ({ ...answer, servedBy }));
    },
  });
}
