import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import { connectRedis } from '../db/redis/connect-redis.ts';
import { startProcessPublisher } from '../db/redis/start-process-publisher.ts';
import { watchAnswers } from '../db/redis/watch-answers.ts';
import { createMetrics } from '../proto/metrics/metrics.ts';
import { startMetricsServer } from '../proto/metrics/metrics-server.ts';
import { createGateway } from '../proto/payments/configured/create-gateway.ts';
import { pause, realClock } from '../proto/process/clock.ts';
import { startOpeningWatch } from '../proto/process/opening-watch.ts';
import { startTraces } from '../proto/process/start-traces.ts';
import { createWarmUp } from '../proto/process/warm-up.ts';
import { readGrpcClientTls } from '../proto/settings/grpc-tls.ts';
import { parseSecretKeys } from '../proto/settings/secret-keys.ts';
import { createDeliveryTrace } from './admin/delivery-trace.ts';
import { startLiveWatch } from './admin/live/live-watch.ts';
import { createAdmissionCheck } from './admission/admission-check.ts';
import { createDeviceLimit } from './admission/device-limit.ts';
import { createRiskCheck } from './admission/risk-check.ts';
import { pageRoutes } from './api/page-routes.ts';
import { problemPages } from './api/problem-pages.ts';
import { createIdentify } from './auth/identify.ts';
import { describeApi } from './describe-api.ts';
import { createDrawCalls } from './draws/draw-calls.ts';
import { createHttp } from './http/create-http.ts';
import { drainHttp } from './http/drain-http.ts';
import { measureRequests } from './http/measure-requests.ts';
import { ladderRoutes } from './ladder/ladder-routes.ts';
import { stockNumRoute } from './ladder/stock-num-route.ts';
import { createAdmission } from './limits/admission.ts';
import { createCallLimits } from './limits/call-limits.ts';
import { createLadderLimiter } from './limits/ladder-limiter.ts';
import { limitUnknownStocks } from './limits/limit-unknown-stocks.ts';
import { createOrderLimits } from './limits/order-limits.ts';
import { createDeliveryMemory, type DeliveryMemory } from './orders/delivery-memory.ts';
import { type OrderClient, type OrderClientOptions, startOrderClient } from './orders/order-client.ts';
import { createOrderPlacer } from './orders/order-placer.ts';
import { subscribeDecisions } from './orders/subscribe-decisions.ts';
import { createPaymentCalls } from './payments/payment-calls.ts';
import { createPaymentReads } from './payments/payment-reads.ts';
import { sandboxRoutes } from './payments/sandbox-routes.ts';
import { connectProviders } from './providers/connect-providers.ts';
import { shareCalls } from './providers/share-calls.ts';
import { routes } from './routes.ts';
import type { ConsumerConfig } from './settings/settings-schema.ts';
import { parsePictureOrigins } from './stocks/stock-fields.ts';
import { createStockReader } from './stocks/stock-reader.ts';
import { warmUpOrders } from './warm-up-orders.ts';

/** CPU time of the warm-up: docs/performance.md, "What helped at the opening". */
const WARM_UP_CPU_MS = 1000;

/** While fewer orders wait, none is refused because of the others. */
const MIN_WAITING = 100;

export type RunningConsumer = { app: FastifyInstance; drain(): Promise<void>; close(): Promise<void> };

/** Starts the HTTP server. It is ready once a provider can be reached. */
export async function startApp(config: ConsumerConfig, name: string, logger: Logger): Promise<RunningConsumer> {
  const traces = await startTraces(config, { service: 'flash-sale-consumer', instance: name, logger });
  const redis = connectRedis(config, logger);
  const providers = connectProviders(
    config.PROVIDERS,
    config.CALL_DEADLINE_MS,
    config.PROVIDER_TOKEN,
    readGrpcClientTls(config),
  );
  const metrics = createMetrics('consumer');
  const admission = createAdmission({
    clock: realClock,
    random: Math.random,
    waitMs: config.ORDER_WAIT_MS,
    assumedRate: config.ASSUMED_ORDER_RATE,
    minWaiting: MIN_WAITING,
    maxWaitingPerStock: config.MAX_WAITING_PER_STOCK,
    onRefused: metrics.turnedAway,
  });
  const openings = startOpeningWatch(realClock, () => warmUp.run());
  const placeOrder = createOrderPlacer({
    clock: realClock,
    replyTo: name,
    placeOrders(request) {
      openings.onWork();
      return providers.placeOrders(request);
    },
    maxBatch: config.PLACE_BATCH,
    maxInFlight: config.PLACE_CALLS,
    maxWaiting: config.PLACE_WAITING,
    estimateMs: admission.estimateMs,
    traces,
  });
  const app = createHttp(config, name, logger);
  measureRequests(app, metrics);
  const drainConnections = drainHttp(app);
  app.get('/health', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
    await providers.waitUntilReady();
    return 'ok';
  });
  await app.register(stockNumRoute(providers));
  if (config.LADDER === 'on') {
    const takeToken = createLadderLimiter(redis, config.LADDER_LIMIT);
    await app.register(ladderRoutes({ providers, placeOrder, takeToken, limitStatus: config.LADDER_LIMIT_STATUS }));
  }

  const shared = { clock: realClock, deadlineMs: config.CALL_DEADLINE_MS };
  const getStock = limitUnknownStocks(
    realClock,
    shareCalls(shared, { together: providers.getStocks, alone: providers.getStock, retriesItems: true }),
  );
  const stocks = createStockReader(realClock, {
    async getStock(request) {
      const stock = await getStock(request);
      openings.note(stock);
      return stock;
    },
  });
  const deliveries = createDeliveryMemory();
  const orders = startOrders({ config, name, logger, providers, stocks, placeOrder, deliveries, admission });
  // Separate from the decisions' connection, so that channels for all consumers, such as live figures, do not delay decisions.
  const subscriber = connectRedis(config, logger);
  const publisher = startProcessPublisher({ kind: 'consumer', name, metrics, redis });
  const limitDevice = createDeviceLimit(realClock, config);
  await describeApi(app);
  await app.register(
    routes({
      config,
      logger,
      metrics,
      traces,
      redis,
      providers,
      gateway: await createGateway(config),
      payments: createPaymentReads(realClock, providers),
      paymentCalls: createPaymentCalls({ ...shared, providers }),
      drawCalls: createDrawCalls({ ...shared, providers }),
      stocks,
      orders,
      deliveries,
      identify: createIdentify(config, realClock, metrics.keysNotRead),
      limits: createOrderLimits(realClock, redis, config, metrics.limitedAlone),
      checkAdmission: createAdmissionCheck(config, limitDevice),
      limitDevice,
      checkRisk: createRiskCheck({ config, clock: realClock, logger, onFailed: metrics.riskNotKnown }),
      calls: createCallLimits(realClock, redis, config, metrics.limitedAlone),
      live: startLiveWatch(realClock, subscriber, redis.names.liveChannel),
      findDelivery: createDeliveryTrace({ clock: realClock, redis, subscriber, name, deliveries }),
    }),
  );
  await app.register(problemPages);
  await app.register(pageRoutes(logger, parsePictureOrigins(config.PICTURE_ORIGINS)));
  if (config.GATEWAY === 'sandbox') await app.register(sandboxRoutes(config, logger), { prefix: '/sandbox-gateway' });

  let stopping = false;
  const warmUp = createWarmUp({
    isOn: config.WARM_UP === 'on',
    logger,
    cpuMs: WARM_UP_CPU_MS,
    async work(budget) {
      await warmUpOrders({ config, redis, logger }, budget);
      return 'done';
    },
  });
  const redisAnswers = watchAnswers(redis, realClock);
  metrics.watchUp({ redis: redisAnswers, provider: () => providers.isReady() });
  metrics.watchSecrets(config);
  metrics.watch('flashsale_orders_waiting', () => orders.waitingCount());
  metrics.watch('flashsale_estimated_wait_seconds', () => admission.estimateMs() / 1000);
  metrics.watch('flashsale_orders_undecided', () => orders.pendingCount());
  metrics.watch('flashsale_orders_undecided_age_seconds', () => orders.pendingAgeMs() / 1000);
  const metricsServer = await startMetricsServer({
    port: config.METRICS_PORT,
    host: config.METRICS_HOST,
    metrics,
    needed: {
      serving: () => app.server.listening && !stopping,
      provider: () => providers.waitUntilReady().then(() => true),
    },
    shown: { redis: redisAnswers },
    described: { warmUp: warmUp.describe },
  });
  metrics.watchWarmUp(warmUp.describe);
  // The first call opens the connection, which takes about 50 ms: no buyer waits for it.
  await providers.waitUntilReady().catch(() => {
    void providers.readFault().then((err) => logger.warn({ err }, 'no provider yet'));
  });
  await warmUp.run();
  await app.listen({ port: config.CONSUMER_PORT, host: config.CONSUMER_HOST, backlog: 4096 });

  return {
    app,
    async drain() {
      stopping = true;
      await pause(realClock, config.DRAIN_MS);
      await drainConnections();
    },
    async close() {
      stopping = true;
      await app.close();
      openings.close();
      orders.close();
      providers.close();
      publisher.close();
      subscriber.destroy();
      redis.destroy();
      await Promise.all([metricsServer.close(), traces?.close()]);
    },
  };
}

type OrdersOptions = Pick<OrderClientOptions, 'providers' | 'stocks' | 'placeOrder' | 'admission'> & {
  config: ConsumerConfig;
  name: string;
  logger: Logger;
  deliveries: DeliveryMemory;
};

/** The order client, with a Redis connection of its own for decisions. */
function startOrders({ config, name, logger, deliveries, ...dependencies }: OrdersOptions): OrderClient {
  return startOrderClient({
    ...dependencies,
    clock: realClock,
    subscribeDecisions(listener) {
      const subscriber = connectRedis(config, logger);
      subscribeDecisions(subscriber, name, parseSecretKeys(config.DECISION_KEY), (decided, worker) => {
        deliveries.note(decided.orderNo, worker || null);
        listener(decided);
      });
      return () => subscriber.destroy();
    },
    waitMs: config.ORDER_WAIT_MS,
    maxWaiting: config.MAX_WAITING,
    maxPending: config.MAX_UNDECIDED,
  });
}
