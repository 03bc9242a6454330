import type { OrderRequestInput } from '../../proto/gen/flashsale/v1/OrderRequest.ts';
import type { PlacedOrder } from '../../proto/gen/flashsale/v1/PlacedOrder.ts';
import type { PlaceOrdersReply } from '../../proto/gen/flashsale/v1/PlaceOrdersReply.ts';
import type { PlaceOrdersRequestInput } from '../../proto/gen/flashsale/v1/PlaceOrdersRequest.ts';
import { gatherBatches } from '../../proto/kafka/gather-batches.ts';
import type { Clock } from '../../proto/process/clock.ts';

export type PlaceOrderOptions = {
  clock: Clock;
  /** Name of this consumer, for the decisions' channel. */
  replyTo: string;
  placeOrders(request: PlaceOrdersRequestInput): Promise<PlaceOrdersReply>;
  maxBatch: number;
  maxInFlight: number;
  maxWaiting: number;
};

export type OrderToPlace = OrderRequestInput & { orderNo: string; sid: number };
/** What became of the order, and the provider that said so. */
export type PlacedBy = PlacedOrder & { servedBy: string };

/** A call takes 5 to 15 ms when all is well. Fewer and larger calls are cheaper for everybody on the way. */
const PATIENCE_MS = 30;

/** Sends orders on: those of one moment travel as one call, of whatever stocks they are. */
export function createOrderPlacer(options: PlaceOrderOptions): (order: OrderToPlace) => Promise<PlacedBy> {
  const { replyTo, placeOrders, ...limits } = options;
  return gatherBatches<OrderToPlace, PlacedBy>({
    ...limits,
    lingerMs: PATIENCE_MS,
    async send(orders) {
      const { orders: placed, servedBy } = await placeOrders({ orders, replyTo });
      return placed.map((answer) => ({ ...answer, servedBy }));
    },
  });
}
