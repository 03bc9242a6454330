import type { BuyAnswer } from '../../../../consumer/orders/buy-answer.ts';
import { type OrderClient, startOrderClient } from '../../../../consumer/orders/order-client.ts';
import { createOrderPlacer } from '../../../../consumer/orders/order-placer.ts';
import { subscribeDecisions } from '../../../../consumer/orders/subscribe-decisions.ts';
import { toDecidedOrder } from '../../../../consumer/orders/to-decided-order.ts';
import type { Providers } from '../../../../consumer/providers/connect-providers.ts';
import { createStockReader, type ReadStock } from '../../../../consumer/stocks/stock-reader.ts';
import type { DecidedOrder } from '../../../../db/orders/decide-batch.ts';
import { refuseOrder } from '../../../../db/orders/refuse-order.ts';
import { withDeadline } from '../../../../proto/process/clock.ts';
import { deadlines } from '../../../../proto/settings/deadlines.ts';
import type { OrderRef } from '../invariants/asked-order.ts';
import type { InvariantChecks } from '../invariants/invariant-checks.ts';
import type { Sale } from '../plans/plan-sale.ts';
import { connectRedisClient } from '../servers/cache/connect-redis-client.ts';
import { redisAccess, type Servers } from '../servers/servers.ts';
import { simulatedKey } from '../world/simulated-key.ts';
import { createSimulatedProcess, randomClockOriginMs, type SimulatedProcess } from '../world/simulated-process.ts';
import type { World } from '../world/world.ts';
import { callSimulatedProviders } from './call-simulated-providers.ts';
import type { SimulatedProvider } from './start-provider.ts';

/** A consumer as its HTTP routes use it. */
export type SimulatedConsumer = {
  process: SimulatedProcess;
  providers: Providers;
  desk: OrderClient;
  buy(order: OrderRef, mayBeKnown: boolean, maxPriceCents: number | null): Promise<BuyAnswer>;
  /** Looks at a stock, as GET /stocks/{sid} does. */
  look(sid: number): Promise<void>;
  /** `pending`: not decided, and sent again; `gone`: never decided any more. */
  poll(order: OrderRef): Promise<DecidedOrder | 'pending' | 'gone'>;
};

const STOCK_DEADLINE_MS = deadlines.CONSUMER_STOCK_READ.ms;

/** A consumer: the product's order desk and what it needs, without HTTP, identity and limits. */
export function startConsumer(
  world: World,
  servers: Servers,
  sale: Sale,
  name: string,
  list: () => SimulatedProvider[],
  checks: Pick<InvariantChecks, 'usedStock' | 'meetsSoldOut' | 'takesNoUnit'>,
): SimulatedConsumer {
  const process = createSimulatedProcess(world.time, name, randomClockOriginMs(world.random));
  const { clock } = process;
  const providers = callSimulatedProviders(world, process, list);
  const redis = connectRedisClient(world, process, redisAccess(servers));
  const stocks = createStockReader(clock, providers, 10);
  const read: ReadStock = async (sid) => {
    const fresh = await stocks.read(sid);
    if (fresh.value && fresh.freshForMs > 0) checks.usedStock(sid, fresh.value.version);
    return fresh;
  };
  const send = createOrderPlacer({
    clock,
    replyTo: name,
    placeOrders: providers.placeOrders,
    maxBatch: sale.placeBatch,
    maxInFlight: 2,
    maxWaiting: 1000,
  });
  const placeOrder: typeof send = (order) => {
    if (order.takesNoUnit) checks.takesNoUnit(order.orderNo);
    return send(order);
  };
  // Of the consumer's own clock: nothing may depend on it.
  const wrongByMs = world.random.pick([0, 0, -7_200_000, 7_200_000]);
  const desk = startOrderClient({
    clock,
    providers,
    stocks,
    placeOrder,
    waitMs: sale.orderWaitMs,
    maxWaiting: 1000,
    maxPending: 1000,
    subscribeDecisions(tell) {
      subscribeDecisions(redis, name, [simulatedKey], tell);
      return () => redis.destroy();
    },
  });
  return {
    process,
    providers,
    desk,
    look: async (sid) => void (await read(sid)),
    async buy(order, mayBeKnown, maxPriceCents) {
      const known = await withDeadline(clock, STOCK_DEADLINE_MS, 'stock', read(order.sid)).catch(
        () => stocks.lastKnown(order.sid) ?? null,
      );
      const mintedAtMs = servers.database.nowMs() + wrongByMs;
      if (known && refuseOrder(known)?.refused === 'SOLD_OUT') checks.meetsSoldOut(order.orderNo, mayBeKnown);
      const price = maxPriceCents === null ? {} : { maxPriceCents };
      return desk.buy({ ...order, ...price, mintedAtMs, mayBeKnown, soldOutLately: false, async: false, read: known });
    },
    async poll({ orderNo, sid, buyer }) {
      const order = await desk.getOrder(orderNo);
      if (order) return toDecidedOrder(order);
      return (await desk.onPoll(orderNo, sid, buyer)) ? 'pending' : 'gone';
    },
  };
}
