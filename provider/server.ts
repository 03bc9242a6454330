import { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Logger } from 'pino';
import { connectMysql } from '../db/mysql/connect-mysql.ts';
import { createDatabase } from '../db/mysql/database.ts';
import { keepConnections } from '../db/mysql/keep-connections.ts';
import { realPace } from '../db/mysql/repeat-transaction.ts';
import { warnOfReplication } from '../db/mysql/warn-of-replication.ts';
import { connectRedis } from '../db/redis/connect-redis.ts';
import { createCooldowns } from '../db/redis/cooldowns.ts';
import { startProcessPublisher } from '../db/redis/start-process-publisher.ts';
import { announceReturn } from '../db/stocks/announce-return.ts';
import { createLadderCounters } from '../db/stocks/ladder-counters.ts';
import type { Stock, UnitsAfter } from '../db/stocks/stock-table.ts';
import { createKafkaTarget, startAppender, startLagReader } from '../proto/kafka/kafka.ts';
import { topicNames } from '../proto/kafka/topics.ts';
import { OrderService, StockService, WebhookService } from '../proto/messages/load-protos.ts';
import { COMPACT_VERSION } from '../proto/messages/order-record.ts';
import { createMetrics, type Metrics } from '../proto/metrics/metrics.ts';
import { startMetricsServer } from '../proto/metrics/metrics-server.ts';
import { bindServer } from '../proto/process/bind-server.ts';
import { createCallLimit } from '../proto/process/call-limit.ts';
import { pause, realClock } from '../proto/process/clock.ts';
import { createAvailability } from '../proto/process/create-availability.ts';
import { type OpeningWatch, startOpeningWatch } from '../proto/process/opening-watch.ts';
import { createRareWarning } from '../proto/process/rare-warning.ts';
import { readGrpcServerTls } from '../proto/settings/grpc-tls.ts';
import { readKafkaAddress } from '../proto/settings/kafka-security.ts';
import { signingKey } from '../proto/settings/secret-keys.ts';
import type { ProviderConfig } from './config.ts';
import { createProviderWarmUp } from './create-provider-warm-up.ts';
import { createOrderPath, type OrderPath, type OrderPathOptions } from './orders/order-path.ts';
import { createRecordEncoder } from './orders/record-encoder.ts';
import { createPaymentBatches } from './payments/payment-batches.ts';
import { addReflection } from './rpc/add-reflection.ts';
import { startConnectionRecycler } from './rpc/connection-recycler.ts';
import { createDeadLetterReader } from './rpc/orders/dead-letter-reader.ts';
import { createOrderService } from './rpc/orders/order-service.ts';
import type { ServiceOptions } from './rpc/service-options.ts';
import { createStockService } from './rpc/stocks/stock-service.ts';
import { createTokenInterceptor } from './rpc/token-interceptor.ts';
import { createUnaryHandler } from './rpc/unary-handler.ts';
import { createWebhookService } from './rpc/webhooks/webhook-service.ts';

const STOCKS_IN_MEMORY = 10_000;
const IDLE_SECONDS = 3;
const CLOSE_MS = 5000;
/** Lists use a quarter of the connections, so that orders always find one. */
const LIST_SHARE = 4;
const LISTS_WAITING = 500;
const CONNECTIONS_KEPT = 4;

const SERVICES = ['', 'flashsale.v1.StockService', 'flashsale.v1.OrderService', 'flashsale.v1.WebhookService'];
const LOCAL = /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/;

export type RunningProvider = { port: number; drain(): Promise<void>; close(): Promise<void> };

/** Starts the gRPC server. It serves without Redis or Kafka, and is ready when MySQL answers. */
export async function startServer(config: ProviderConfig, name: string, logger: Logger): Promise<RunningProvider> {
  const metrics = createMetrics('provider');
  const connections = connectServers(config, name, logger);
  const { mysql, paymentMysql, database, redis, log, lag } = connections;
  const openBreakers = new Set<number>();
  const openings = startOpeningWatch(realClock, () => warmUp.run());
  const orderPath = createOrderPath(orderPathOptions({ config, metrics, logger, connections, openBreakers, openings }));
  const closing = new AbortController();
  const server = createGrpcServer({ config, name, logger, metrics, connections, orderPath, closing: closing.signal });
  const health = addHealth(server);
  const kept = keepConnections(realClock, database, {
    count: Math.min(CONNECTIONS_KEPT, config.MYSQL_POOL),
    availability: createAvailability(logger, 'MySQL'),
  });
  const warmUp = createProviderWarmUp({ config, name, logger, connections, orderPath, opened: kept.opened });
  let isBound = false;
  let stopping = false;
  const reportNotReady = () => {
    stopping = true;
    for (const service of SERVICES) health.setStatus(service, 'NOT_SERVING');
  };
  // Optional: without Redis the provider is slower, without the log it decides directly.
  const optional = { redis: () => redis.isReady, kafka: () => log.isConnected() && openBreakers.size === 0 };
  metrics.watchUp(optional);
  metrics.watchSecrets(config);
  metrics.watchPool(mysql.client.pool, paymentMysql.client.pool);
  metrics.watchWarmUp(warmUp.describe);
  const metricsServer = await startMetricsServer({
    port: config.METRICS_PORT,
    host: config.METRICS_HOST,
    metrics,
    needed: {
      serving: () => isBound && !stopping,
      mysql: () => database.session((session) => session.rows('SELECT 1')).then(() => true),
    },
    shown: optional,
    described: { warmUp: warmUp.describe },
  });
  await warmUp.run();
  const port = await bindServer(server, `${config.PROVIDER_HOST}:${config.PROVIDER_PORT}`, readGrpcServerTls(config));
  isBound = true;
  const recycler = startConnectionRecycler(server);
  const publisher = startProcessPublisher({ kind: 'provider', name, metrics, redis });
  if (config.NODE_ENV !== 'development') void warnOfReplication(database, logger);
  logger.info({ port }, 'provider started');

  return {
    port,
    async drain() {
      reportNotReady();
      await pause(realClock, config.DRAIN_MS);
      await recycler.drain();
    },
    async close() {
      reportNotReady();
      closing.abort();
      recycler.close();
      await shutDown(server);
      openings.close();
      orderPath.close();
      await kept.close();
      await Promise.allSettled([
        log.close(),
        lag.close(),
        mysql.destroy(),
        paymentMysql.destroy(),
        metricsServer.close(),
      ]);
      publisher.close();
      redis.destroy();
    },
  };
}

type Connections = ReturnType<typeof connectServers>;

/** Connects to MySQL, Redis and Kafka in the background. */
function connectServers(config: ProviderConfig, name: string, logger: Logger) {
  const statementMs = config.MYSQL_STATEMENT_MS;
  const connect = (maxConnections: number) =>
    connectMysql({
      url: config.MYSQL_URL,
      maxConnections,
      acquireDeadlineMs: config.MYSQL_ACQUIRE_MS,
      idleSeconds: IDLE_SECONDS,
      statementMs,
    });
  const mysql = connect(config.MYSQL_POOL);
  const paymentMysql = connect(config.MYSQL_PAYMENT_POOL);
  const kafka = createKafkaTarget(readKafkaAddress(config), name, logger);
  const topics = topicNames(config.TOPIC_PREFIX);
  return {
    mysql,
    paymentMysql,
    database: createDatabase({ mysql, statementMs }),
    payments: createPaymentBatches({
      database: createDatabase({ mysql: paymentMysql, statementMs }),
      connections: config.MYSQL_PAYMENT_POOL,
      pace: realPace,
    }),
    redis: connectRedis(config, logger),
    kafka,
    topics,
    log: startAppender(kafka),
    lag: startLagReader(kafka, topics.orders, topics.workerGroup),
  };
}

function orderPathOptions(parts: {
  config: ProviderConfig;
  metrics: Metrics;
  logger: Logger;
  connections: Connections;
  openBreakers: Set<number>;
  openings: OpeningWatch;
}): OrderPathOptions {
  const { config, metrics, logger, connections, openBreakers, openings } = parts;
  const { database, redis, topics, log, lag } = connections;
  return {
    clock: realClock,
    random: Math.random,
    database,
    redis,
    append: (records) => log.appendAll(topics.orders, records),
    encodeRecords: createRecordEncoder(signingKey(config.ORDER_RECORD_KEY), config.RECORD_VERSION),
    takesDetails: config.ORDER_DETAILS === 'on' && config.RECORD_VERSION === COMPACT_VERSION,
    readLag: () => lag.read(),
    appendDeadlineMs: config.APPEND_DEADLINE_MS,
    directDeadlineMs: config.DIRECT_DEADLINE_MS,
    payWithinMs: config.PAY_WITHIN * 1000,
    maxStocks: STOCKS_IN_MEMORY,
    onStock: openings.note,
    onBatch(orders) {
      openings.onWork();
      metrics.placedTogether(orders);
    },
    onCommitted: (batch) => metrics.committed('direct', batch),
    onBreaker(partition, isOpen) {
      if (isOpen) openBreakers.add(partition);
      else openBreakers.delete(partition);
      metrics.breaker(isOpen);
      logger.warn({ partition }, isOpen ? 'circuit breaker opened' : 'circuit breaker closed');
    },
  };
}

type GrpcServerOptions = {
  config: ProviderConfig;
  name: string;
  logger: Logger;
  metrics: Metrics;
  connections: Connections;
  orderPath: OrderPath;
  /** Aborted when this process closes. */
  closing: AbortSignal;
};

function createGrpcServer(options: GrpcServerOptions): Server {
  const { config, name, logger, metrics, connections, orderPath, closing } = options;
  const { database, payments, redis, kafka, topics } = connections;
  const { readStock, placer } = orderPath;
  const server = new Server({
    // Consumers ping every second to notice a frozen provider.
    'grpc.keepalive_permit_without_calls': 1,
    interceptors: config.PROVIDER_TOKEN ? [createTokenInterceptor(config.PROVIDER_TOKEN)] : [],
  });
  if (!config.PROVIDER_TOKEN && !LOCAL.test(config.PROVIDER_HOST)) {
    logger.warn({ host: config.PROVIDER_HOST }, 'PROVIDER_TOKEN is not set: any client can call this provider');
  }
  const warn = createRareWarning(logger, 'call failed');
  const service: ServiceOptions = {
    name,
    database,
    readStock,
    counters: createLadderCounters(realClock, redis),
    answer: (work) => createUnaryHandler(warn, metrics, work),
    warn,
    limitList: createCallLimit({
      maxConcurrent: Math.max(1, Math.floor(config.MYSQL_POOL / LIST_SHARE)),
      maxWaiting: LISTS_WAITING,
    }),
  };
  const onStockChanged = ({ sid, count, sale, version }: Stock) => announceReturn(redis, { sid, count, sale, version });
  const onReturn = (units: UnitsAfter) => announceReturn(redis, units);
  server.addService(
    StockService.service,
    createStockService({
      ...service,
      logger,
      closing,
      uniqueStockReferences: config.UNIQUE_STOCK_REFERENCES === 'on',
      maxPerOrder: config.MAX_PER_ORDER,
      onStockChanged,
    }),
  );
  server.addService(
    OrderService.service,
    createOrderService({
      ...service,
      placer,
      payments,
      onReturn,
      readDeadLetters: createDeadLetterReader(kafka, topics.ordersDead, config.ORDER_RECORD_KEY),
      startCooldown: createCooldowns(realClock, redis, config)?.start,
    }),
  );
  const webhooks = { keys: config.WEBHOOK_KEY, addresses: config.WEBHOOK_ADDRESSES };
  server.addService(
    WebhookService.service,
    createWebhookService({ database, answer: service.answer, limitList: service.limitList, ...webhooks }),
  );
  addReflection(server);
  return server;
}

function addHealth(server: Server): HealthImplementation {
  const health = new HealthImplementation(Object.fromEntries(SERVICES.map((service) => [service, 'SERVING'])));
  health.addToServer(server);
  return health;
}

/** Waits for calls in flight, at most for CLOSE_MS. */
function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, CLOSE_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
