import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import { toDecidedOrder } from '../../db/orders/decided-message.ts';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import type { Clock } from '../../proto/process/clock.ts';
import type { Providers } from '../providers/connect-providers.ts';

type StockAndBuyer = { sid: number; buyer: string };

export type OrderLookUps = {
  /** The order with this number; null while it has no row. */
  getOrder(orderNo: string): Promise<Order | null>;
  /** The buyer's active order of the stock, or null. */
  findActiveOrder(pair: StockAndBuyer): Promise<Order | null>;
};

const LIMITS = { maxBatch: 1000, maxInFlight: 2, maxWaiting: 20_000 };

/** Reads of orders; concurrent reads share one call. */
export function createOrderLookUps(
  clock: Clock,
  providers: Pick<Providers, 'getOrders' | 'findLiveOrders'>,
): OrderLookUps {
  return {
    getOrder: createBatcher<string, Order | null>({
      ...LIMITS,
      clock,
      async send(orderNos) {
        const { orders } = await providers.getOrders({ orderNos });
        const found = new Map(orders.map((order) => [order.orderNo, order]));
        return orderNos.map((orderNo) => found.get(orderNo) ?? null);
      },
    }),
    findActiveOrder: createBatcher<StockAndBuyer, Order | null>({
      ...LIMITS,
      clock,
      async send(pairs) {
        const { orders } = await providers.findLiveOrders({ pairs });
        const found = new Map(orders.map((order) => [`${order.sid} ${order.buyer}`, order]));
        return pairs.map(({ sid, buyer }) => found.get(`${sid} ${buyer}`) ?? null);
      },
    }),
  };
}

/** The decision of the number; null while it has no row. */
export async function readDecision(lookUps: OrderLookUps, orderNo: string): Promise<DecidedOrder | null> {
  const order = await lookUps.getOrder(orderNo);
  return order && toDecidedOrder(order);
}

/** The decision of the buyer's active order of the stock, or null. */
export async function findActiveDecision(lookUps: OrderLookUps, pair: StockAndBuyer): Promise<DecidedOrder | null> {
  const order = await lookUps.findActiveOrder(pair);
  return order && toDecidedOrder(order);
}
