import { createAdmission } from '../../../../consumer/limits/admission.ts';
import type { BuyAnswer } from '../../../../consumer/orders/buy-answer.ts';
import { type OrderClient, startOrderClient } from '../../../../consumer/orders/order-client.ts';
import { createOrderPlacer } from '../../../../consumer/orders/order-placer.ts';
import { subscribeDecisions } from '../../../../consumer/orders/subscribe-decisions.ts';
import { createPaymentOpener, type OpenPayment } from '../../../../consumer/payments/open-payment.ts';
import { createPaymentCalls, type PaymentCalls } from '../../../../consumer/payments/payment-calls.ts';
import { createHintSettler } from '../../../../consumer/payments/settle-hint.ts';
import type { Providers } from '../../../../consumer/providers/connect-providers.ts';
import { shareCalls } from '../../../../consumer/providers/share-calls.ts';
import { createStockReader, type ReadStock } from '../../../../consumer/stocks/stock-reader.ts';
import type { DecidedOrder } from '../../../../db/orders/decide-batch.ts';
import { toDecidedOrder } from '../../../../db/orders/decided-message.ts';
import { refuseOrder } from '../../../../db/orders/refuse-order.ts';
import { createCooldowns } from '../../../../db/redis/cooldowns.ts';
import { withDeadline } from '../../../../proto/process/clock.ts';
import { deadlines } from '../../../../proto/settings/deadlines.ts';
import type { AskedTerms, OrderRef } from '../invariants/asked-order.ts';
import { connectRedisClient } from '../servers/cache/connect-redis-client.ts';
import { connectGateway } from '../servers/gateway/connect-gateway.ts';
import { redisAccess } from '../servers/servers.ts';
import { simulatedKey } from '../world/simulated-key.ts';
import { createSimulatedProcess, randomClockOriginMs, type SimulatedProcess } from '../world/simulated-process.ts';
import { callSimulatedProviders } from './call-simulated-providers.ts';
import type { ProcessOptions } from './process-options.ts';
import { silentLogger } from './silent-logger.ts';
import type { SimulatedProvider } from './start-provider.ts';

/** A consumer as its HTTP routes use it. */
export type SimulatedConsumer = {
  process: SimulatedProcess;
  providers: Providers;
  paymentCalls: PaymentCalls;
  /** Null: payments without sessions. */
  openPayment: OpenPayment | null;
  /** Resolves when the event need not be sent again. */
  receiveEvent(paymentId: string): Promise<{ outcome: string }>;
  orderClient: OrderClient;
  buy(order: OrderRef, mayBeKnown: boolean, terms: AskedTerms): Promise<BuyAnswer>;
  /** Reads a stock, as GET /stocks/{sid} does. */
  readStock(sid: number): Promise<void>;
  /** `pending`: not decided yet; `gone`: it will never be decided. */
  poll(order: OrderRef): Promise<DecidedOrder | 'pending' | 'gone'>;
};

const STOCK_DEADLINE_MS = deadlines.CONSUMER_STOCK_READ.ms;

/** The product's order client and its dependencies, without HTTP, identity and limits. */
export function startConsumer(
  { world, servers, sale, checks, name }: ProcessOptions,
  listProviders: () => SimulatedProvider[],
): SimulatedConsumer {
  const process = createSimulatedProcess(world.time, name, randomClockOriginMs(world.random));
  const { clock } = process;
  const providers = callSimulatedProviders(world, process, listProviders);
  const redis = connectRedisClient(world, process, redisAccess(servers));
  const shared = { clock, deadlineMs: deadlines.CALL_DEADLINE_MS.ms };
  const getStock = shareCalls(shared, { together: providers.getStocks, alone: providers.getStock, retriesItems: true });
  const stocks = createStockReader(clock, { getStock }, 10);
  const read: ReadStock = async (sid) => {
    const stockRead = await stocks.read(sid);
    if (stockRead.value && stockRead.freshForMs > 0) checks.usedStock(sid, stockRead.value.version);
    return stockRead;
  };
  // Two orders that wait can be too many.
  const admission = createAdmission({
    clock,
    random: world.random.next,
    waitMs: sale.orderWaitMs,
    assumedRate: sale.assumedRate,
    minWaiting: 2,
    maxWaitingPerStock: 1000,
  });
  const send = createOrderPlacer({
    clock,
    replyTo: name,
    placeOrders: providers.placeOrders,
    maxBatch: sale.placeBatch,
    maxInFlight: 2,
    maxWaiting: 1000,
    estimateMs: admission.estimateMs,
  });
  const placeOrder: typeof send = (order) => {
    if (order.takesNoUnit) checks.takesNoUnit(order.orderNo);
    return send(order);
  };
  const cooldowns = createCooldowns(clock, redis, { COOLDOWN: sale.cooldownSeconds });
  // Nothing may depend on the consumer's clock.
  const clockErrorMs = world.random.pick([0, 0, -7_200_000, 7_200_000]);
  const orderClient = startOrderClient({
    clock,
    providers,
    stocks,
    placeOrder,
    waitMs: sale.orderWaitMs,
    admission,
    maxWaiting: 1000,
    maxPending: 1000,
    subscribeDecisions(onDecision) {
      subscribeDecisions(redis, name, [simulatedKey], onDecision);
      return () => redis.destroy();
    },
  });
  const paymentCalls = createPaymentCalls({ ...shared, providers });
  return {
    process,
    providers,
    paymentCalls,
    ...connectPayments({ world, servers, sale, checks, name }, process, providers, paymentCalls),
    orderClient,
    readStock: async (sid) => void (await read(sid)),
    async buy(order, mayBeKnown, { maxPriceCents, quantity, reference, metadata }) {
      const known = await withDeadline(clock, STOCK_DEADLINE_MS, 'stock', read(order.sid)).catch(
        () => stocks.lastKnown(order.sid) ?? null,
      );
      const mintedAtMs = servers.database.nowMs() + clockErrorMs;
      const refused = known && refuseOrder(known, quantity)?.refused;
      if (refused === 'SOLD_OUT' || refused === 'TOO_FEW_LEFT') checks.metSoldOut(order.orderNo, mayBeKnown);
      const asked = {
        ...(maxPriceCents !== null && { maxPriceCents }),
        ...(quantity > 1 && { quantity }),
        ...(reference !== null && { reference }),
        ...(metadata !== null && { metadata }),
      };
      const coolingMs = (await cooldowns?.leftMs(order.sid, order.buyer)) ?? 0;
      // Without a valid admission token.
      const isBarred = sale.isAdmitting && world.random.chance(0.3);
      if (isBarred && !mayBeKnown && !refused) return { kind: 'barred' };
      const options = {
        mintedAtMs,
        coolingMs,
        isBarred,
        mayBeKnown,
        refusedAllLately: false,
        async: false,
        read: known,
      };
      const request = { ...order, ...asked, ...options };
      return (await orderClient.turnAway(request)) ?? orderClient.buy(request);
    },
    async poll({ orderNo, sid, buyer }) {
      const order = await orderClient.getOrder(orderNo);
      if (order) return toDecidedOrder(order);
      return (await orderClient.onPoll(orderNo, sid, buyer)) ? 'pending' : 'gone';
    },
  };
}

/** What needs a gateway with sessions. */
function connectPayments(
  { world, servers, sale }: ProcessOptions,
  process: SimulatedProcess,
  providers: Providers,
  { startPayment }: PaymentCalls,
): Pick<SimulatedConsumer, 'openPayment' | 'receiveEvent'> {
  const { gateway: plan } = sale;
  if (!plan) return { openPayment: null, receiveEvent: () => Promise.reject(new Error('no gateway')) };
  const gateway = connectGateway(world, process, { gateway: servers.gateway, plan });
  const { clock } = process;
  const settleHint = createHintSettler({ gateway, providers, logger: silentLogger, clock });
  const { keepSession } = providers;
  return {
    openPayment: createPaymentOpener({ gateway, startPayment, keepSession, logger: silentLogger, clock }),
    receiveEvent: (paymentId) => settleHint(async () => ({ paymentId, sessionId: null, chargeId: null })),
  };
}
