import type { DecidedOrder, Decision, OrderState } from '../../db/orders/decide-batch.ts';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { gatherBatches } from '../../proto/kafka/gather-batches.ts';
import type { Clock } from '../../proto/process/clock.ts';
import type { Providers } from '../providers/connect-providers.ts';

export type OrderLookUps = {
  /** The order of this number, null while there is no row. */
  getOrder(orderNo: string): Promise<Order | null>;
  /** The order of this stock that the buyer has, or null. */
  findLiveOrder(pair: { sid: number; buyer: string }): Promise<Order | null>;
};

const LIMITS = { maxBatch: 1000, maxInFlight: 2, maxWaiting: 20_000 };

/** Reads of orders, those of one moment in one call. */
export function createOrderLookUps(
  clock: Clock,
  providers: Pick<Providers, 'getOrders' | 'findLiveOrders'>,
): OrderLookUps {
  return {
    getOrder: gatherBatches<string, Order | null>({
      ...LIMITS,
      clock,
      async send(orderNos) {
        const { orders } = await providers.getOrders({ orderNos });
        const found = new Map(orders.map((order) => [order.orderNo, order]));
        return orderNos.map((orderNo) => found.get(orderNo) ?? null);
      },
    }),
    findLiveOrder: gatherBatches<{ sid: number; buyer: string }, Order | null>({
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

/** What was decided about the order, from its row. */
export function decisionFromOrder({ orderNo, decision, liveOrderNo, state }: Order): DecidedOrder {
  return { orderNo, decision: decision as Decision, liveOrderNo: liveOrderNo || null, state: state as OrderState };
}
