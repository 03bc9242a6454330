import type { Bought } from '../../../consumer/buy-unit.ts';
import type { Providers } from '../../../consumer/call-provider.ts';
import { hearDecisions } from '../../../consumer/hear-decisions.ts';
import { decisionFromOrder } from '../../../consumer/look-up-orders.ts';
import { type OrderDesk, openOrderDesk } from '../../../consumer/open-order-desk.ts';
import { createOrderPlacer } from '../../../consumer/place-order.ts';
import { createStockReader, type ReadStock } from '../../../consumer/read-stock.ts';
import type { DecidedOrder } from '../../../db/decide-batch.ts';
import { withDeadline } from '../../../proto/clock.ts';
import { connectRedisClient } from '../cache/connect-redis-client.ts';
import type { Servers } from '../open-servers.ts';
import type { Sale } from '../plan-sale.ts';
import { simulatedKey } from '../simulated-key.ts';
import { type SimulatedProcess, startProcess } from '../start-process.ts';
import type { World } from '../world.ts';
import { callSimulatedProviders } from './call-simulated-providers.ts';
import type { SimulatedProvider } from './start-provider.ts';

export type OrderNumber = { orderNo: string; sid: number; buyer: string };

/** A consumer as its HTTP routes use it. */
export type SimulatedConsumer = {
  process: SimulatedProcess;
  providers: Providers;
  desk: OrderDesk;
  buy(order: OrderNumber, mayBeKnown: boolean): Promise<Bought>;
  /** Looks at a stock, as GET /stocks/{sid} does. */
  look(sid: number): Promise<void>;
  /** Null: pending, and sent again. */
  poll(order: OrderNumber): Promise<DecidedOrder | null>;
};

const STOCK_DEADLINE_MS = 500;

/** A consumer: the product's order desk and what it needs, without HTTP, identity and limits. */
export function startConsumer(
  world: World,
  servers: Servers,
  sale: Sale,
  name: string,
  list: () => SimulatedProvider[],
  onFreshRead: (sid: number, version: number) => void,
): SimulatedConsumer {
  const process = startProcess(world.time, name);
  const { clock } = process;
  const providers = callSimulatedProviders(world, process, list);
  const redis = connectRedisClient(world, process, { redis: servers.redis, isUp: () => servers.redisUp });
  const stocks = createStockReader(clock, providers, 10);
  const read: ReadStock = async (sid) => {
    const fresh = await stocks.read(sid);
    if (fresh.value && fresh.freshForMs > 0) onFreshRead(sid, fresh.value.version);
    return fresh;
  };
  const placeOrder = createOrderPlacer({
    ...{ clock, replyTo: name, placeOrders: providers.placeOrders },
    ...{ maxBatch: sale.placeBatch, callsOut: 2, maxWaiting: 1000 },
  });
  const desk = openOrderDesk({
    ...{ clock, providers, stocks, placeOrder, waitMs: sale.orderWaitMs, maxWaiting: 1000, maxUndecided: 1000 },
    hearDecisions(tell) {
      hearDecisions(redis, name, [simulatedKey], tell);
      return () => redis.destroy();
    },
  });
  return {
    ...{ process, providers, desk },
    look: async (sid) => void (await read(sid)),
    async buy(order, mayBeKnown) {
      const known = await withDeadline(clock, STOCK_DEADLINE_MS, 'stock', read(order.sid)).catch(
        () => stocks.lastKnown(order.sid) ?? null,
      );
      const mintedAtMs = servers.database.nowMs();
      return desk.buy({ ...order, mintedAtMs, mayBeKnown, async: false, read: known });
    },
    async poll({ orderNo, sid, buyer }) {
      const order = await desk.getOrder(orderNo);
      if (order) return decisionFromOrder(order);
      await desk.onPoll(orderNo, sid, buyer);
      return null;
    },
  };
}
