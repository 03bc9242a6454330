import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import type { Logger } from 'pino';
import { connectMysql } from '../db/mysql/connect-mysql.ts';
import { createDatabase } from '../db/mysql/database.ts';
import { warnOfReplication } from '../db/mysql/warn-of-replication.ts';
import { connectRedis } from '../db/redis/connect-redis.ts';
import { startProcessPublisher } from '../db/redis/start-process-publisher.ts';
import { announceReturn } from '../db/stocks/announce-return.ts';
import { createLadderCounters } from '../db/stocks/ladder-counters.ts';
import type { Stock } from '../db/stocks/stock-table.ts';
import { startAppender, startLagReader } from '../proto/kafka/kafka.ts';
import { topicNames } from '../proto/kafka/topics.ts';
import { OrderService, protoDefinition, StockService } from '../proto/messages/load-protos.ts';
import { createMetrics } from '../proto/metrics/metrics.ts';
import { startMetricsServer } from '../proto/metrics/metrics-server.ts';
import { createCallLimit } from '../proto/process/call-limit.ts';
import { pause, realClock } from '../proto/process/clock.ts';
import { createRareWarning } from '../proto/process/rare-warning.ts';
import { signingKey } from '../proto/settings/secret-keys.ts';
import type { ProviderConfig } from './config.ts';
import { createOrderPath } from './orders/order-path.ts';
import { startConnectionRecycler } from './rpc/connection-recycler.ts';
import { createOrderService } from './rpc/orders/order-service.ts';
import { createStockService } from './rpc/stocks/stock-service.ts';
import { createTokenInterceptor } from './rpc/token-interceptor.ts';
import { createUnaryHandler } from './rpc/unary-handler.ts';

const STOCKS_IN_MEMORY = 10_000;
const CLOSE_MS = 5000;
/** Lists have the fourth part of the connections, so that a crowd of them takes none that orders need. */
const LIST_SHARE = 4;
const LISTS_WAITING = 500;

const SERVICES = ['', 'flashsale.v1.StockService', 'flashsale.v1.OrderService'];
const LOCAL = /^(127\.\d+\.\d+\.\d+|localhost|::1|\[::1\])$/;

export type RunningProvider = { port: number; drain(): Promise<void>; close(): Promise<void> };

/** Starts the gRPC server. It serves what it can without Redis or Kafka, and is ready once MySQL answers. */
export async function startServer(config: ProviderConfig, name: string, logger: Logger): Promise<RunningProvider> {
  const clock = realClock;
  const metrics = createMetrics('provider');
  const statementMs = config.MYSQL_STATEMENT_MS;
  const mysql = connectMysql({
    url: config.MYSQL_URL,
    maxConnections: config.MYSQL_POOL,
    acquireDeadlineMs: config.MYSQL_ACQUIRE_MS,
    idleSeconds: 3,
    statementMs,
  });
  const database = createDatabase({ mysql, statementMs });
  const redis = connectRedis(config, logger);
  const kafka = { brokers: config.KAFKA_BROKERS.split(','), clientId: name, logger };
  const log = startAppender(kafka);
  const topics = topicNames(config.TOPIC_PREFIX);

  const lag = startLagReader(kafka, topics.orders, topics.workerGroup);
  const openBreakers = new Set<number>();
  const { readStock, placer, close } = createOrderPath({
    clock,
    random: Math.random,
    database,
    redis,
    append: (records) => log.appendAll(topics.orders, records),
    recordKey: signingKey(config.ORDER_RECORD_KEY),
    readLag: () => lag.read(),
    appendDeadlineMs: config.APPEND_DEADLINE_MS,
    directDeadlineMs: config.DIRECT_DEADLINE_MS,
    payWithinMs: config.PAY_WITHIN * 1000,
    maxStocks: STOCKS_IN_MEMORY,
    onBatch: (orders) => metrics.placedTogether(orders),
    onCommitted: (batch) => metrics.committed('direct', batch),
    onBreaker(partition, isOpen) {
      if (isOpen) openBreakers.add(partition);
      else openBreakers.delete(partition);
      metrics.breaker(isOpen);
      logger.warn({ partition }, isOpen ? 'circuit breaker opened' : 'circuit breaker closed');
    },
  });

  const warn = createRareWarning(logger, 'call failed');
  const answer = <Request, Reply>(work: (request: Request) => Promise<Reply>) =>
    createUnaryHandler(warn, metrics, work);
  const onStockChanged = ({ sid, count, sale, version }: Stock) => announceReturn(redis, { sid, count, sale, version });
  const counters = createLadderCounters(clock, redis);
  const closing = new AbortController();
  const parts = {
    name,
    database,
    counters,
    readStock,
    onStockChanged,
    answer,
    logger,
    closing: closing.signal,
    limitList: createCallLimit({
      maxConcurrent: Math.max(1, Math.floor(config.MYSQL_POOL / LIST_SHARE)),
      maxWaiting: LISTS_WAITING,
    }),
  };
  const server = new Server({
    // Consumers ping every second, to notice a frozen provider.
    'grpc.keepalive_permit_without_calls': 1,
    interceptors: config.PROVIDER_TOKEN ? [createTokenInterceptor(config.PROVIDER_TOKEN)] : [],
  });
  if (!config.PROVIDER_TOKEN && !LOCAL.test(config.PROVIDER_HOST)) {
    logger.warn({ host: config.PROVIDER_HOST }, 'whoever reaches this address can call it: PROVIDER_TOKEN is not set');
  }
  server.addService(StockService.service, createStockService(parts));
  server.addService(
    OrderService.service,
    createOrderService({
      ...parts,
      onReturn: (units) => announceReturn(redis, units),
      placer,
    }),
  );
  const health = new HealthImplementation(Object.fromEntries(SERVICES.map((service) => [service, 'SERVING'])));
  health.addToServer(server);
  new ReflectionService(protoDefinition).addToServer(server);

  const port = await bind(server, `${config.PROVIDER_HOST}:${config.PROVIDER_PORT}`);
  const connections = startConnectionRecycler(server);
  let stopping = false;
  const becomeUnready = () => {
    stopping = true;
    for (const service of SERVICES) health.setStatus(service, 'NOT_SERVING');
  };
  // Without Redis it is slower, without the log it decides directly.
  const others = { redis: () => redis.isReady, kafka: () => log.isConnected() && openBreakers.size === 0 };
  metrics.watchUp(others);
  metrics.watchPool(mysql.client.pool);
  const metricsServer = await startMetricsServer({
    port: config.METRICS_PORT,
    host: config.METRICS_HOST,
    metrics,
    needed: {
      serving: () => !stopping,
      mysql: () => database.session((session) => session.rows('SELECT 1')).then(() => true),
    },
    shown: others,
  });
  const publisher = startProcessPublisher({ kind: 'provider', name, metrics, redis });
  if (config.NODE_ENV !== 'development') void warnOfReplication(database, logger);
  logger.info({ port }, 'provider listens');

  return {
    port,
    async drain() {
      becomeUnready();
      await pause(realClock, config.DRAIN_MS);
      await connections.drain();
    },
    async close() {
      becomeUnready();
      closing.abort();
      connections.close();
      await shutDown(server);
      close();
      await Promise.allSettled([log.close(), lag.close(), mysql.destroy(), metricsServer.close()]);
      publisher.close();
      redis.destroy();
    },
  };
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

/** Lets calls under way finish, for CLOSE_MS at most. */
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
