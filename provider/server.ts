import { Server, ServerCredentials } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { HealthImplementation } from 'grpc-health-check';
import type { Logger } from 'pino';
import { connectMysql } from '../db/connect-mysql.ts';
import { connectRedis } from '../db/connect-redis.ts';
import { ladderCounters } from '../db/ladder-counters.ts';
import { mysqlOrderStore } from '../db/mysql-order-store.ts';
import { loadStock, redisStockCache } from '../db/stock-cache.ts';
import { readStocks } from '../db/stock-table.ts';
import { useSession } from '../db/use-session.ts';
import { realClock } from '../proto/clock.ts';
import { openAppender } from '../proto/kafka.ts';
import { keepFresh } from '../proto/keep-fresh.ts';
import { OrderService, protoDefinition, StockService } from '../proto/load-protos.ts';
import { type Checks, serveHealth } from '../proto/serve-health.ts';
import { topicNames } from '../proto/topics.ts';
import { warnRarely } from '../proto/warn-rarely.ts';
import { answerCall } from './answer-call.ts';
import { createOrderAppender } from './append-orders.ts';
import type { ProviderConfig } from './config.ts';
import { createDirectDecider } from './decide-directly.ts';
import { orderService } from './order-service.ts';
import { stockService } from './stock-service.ts';

const STOCKS_IN_MEMORY = 10_000;
// Connections end after a while, so that consumers see new replicas; calls under way may finish.
const CONNECTION_AGE_MS = 30_000;
const DRAIN_MS = 5000;

export type RunningProvider = { port: number; close(): Promise<void> };

/** Starts the gRPC server. It serves what it can without Redis or Kafka, and is ready once MySQL answers. */
export async function startServer(config: ProviderConfig, name: string, logger: Logger): Promise<RunningProvider> {
  const clock = realClock;
  const statementMs = config.MYSQL_STATEMENT_MS;
  const mysql = connectMysql({
    url: config.MYSQL_URL,
    maxConnections: config.MYSQL_POOL,
    acquireDeadlineMs: config.MYSQL_ACQUIRE_MS,
    idleSeconds: 3,
  });
  const redis = connectRedis(config.REDIS_URL, logger);
  const log = openAppender({ brokers: config.KAFKA_BROKERS.split(','), clientId: name, logger });
  const topics = topicNames(config.TOPIC_PREFIX);

  const readFromMysql = (sid: number) =>
    useSession(mysql, statementMs, async (session) => (await readStocks(session, [sid]))[0] ?? null);
  const cache = redisStockCache(clock, redis);
  const readStock = keepFresh(clock, STOCKS_IN_MEMORY, (sid: number) => loadStock(clock, cache, readFromMysql, sid));
  const appendOrders = createOrderAppender({
    clock,
    append: (partition, records) => log.append(topics.orders, partition, records),
    deadlineMs: config.APPEND_DEADLINE_MS,
    onBreaker: (state) =>
      logger.warn({ state }, state === 'open' ? 'the log does not answer' : 'the log answers again'),
  });
  const decideDirectly = createDirectDecider({
    clock,
    random: Math.random,
    store: mysqlOrderStore(mysql, statementMs),
    deadlineMs: config.DIRECT_DEADLINE_MS,
    payWithinMs: config.PAY_WITHIN * 1000,
  });

  const warn = warnRarely(logger, 'call failed');
  const answer = <Request, Reply>(work: (request: Request) => Promise<Reply>) => answerCall(warn, work);
  const parts = { name, mysql, statementMs, counters: ladderCounters(clock, redis), readStock, answer };
  const server = new Server({
    'grpc.max_connection_age_ms': CONNECTION_AGE_MS,
    'grpc.max_connection_age_grace_ms': DRAIN_MS,
    // Consumers ping every second, to notice a frozen provider.
    'grpc.keepalive_permit_without_calls': 1,
  });
  server.addService(StockService.service, stockService(parts));
  server.addService(
    OrderService.service,
    orderService({ ...parts, place: { readStock, appendOrders, decideDirectly } }),
  );
  const health = new HealthImplementation({
    '': 'SERVING',
    'flashsale.v1.StockService': 'SERVING',
    'flashsale.v1.OrderService': 'SERVING',
  });
  health.addToServer(server);
  new ReflectionService(protoDefinition).addToServer(server);

  const port = await bind(server, `${config.PROVIDER_HOST}:${config.PROVIDER_PORT}`);
  let stopping = false;
  const checks: Checks = {
    serving: () => !stopping,
    mysql: () => useSession(mysql, statementMs, (session) => session.rows('SELECT 1')).then(() => true),
  };
  const healthServer = await serveHealth(config.METRICS_PORT, config.METRICS_HOST, checks);
  logger.info({ port }, 'provider listens');

  return {
    port,
    async close() {
      stopping = true;
      health.setStatus('', 'NOT_SERVING');
      await shutDown(server);
      await Promise.allSettled([log.close(), mysql.destroy(), healthServer.close()]);
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

/** Lets calls under way finish, for DRAIN_MS at most. */
function shutDown(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, DRAIN_MS);
    server.tryShutdown(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
