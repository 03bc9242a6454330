import type { Server } from '@grpc/grpc-js';
import { HealthImplementation } from 'grpc-health-check';
import type { Logger } from 'pino';
import { keepConnections } from '../db/mysql/keep-connections.ts';
import { warnOfReplication } from '../db/mysql/warn-of-replication.ts';
import { startProcessPublisher } from '../db/redis/start-process-publisher.ts';
import { watchAnswers } from '../db/redis/watch-answers.ts';
import { COMPACT_VERSION } from '../proto/messages/order-record.ts';
import { createMetrics, type Metrics } from '../proto/metrics/metrics.ts';
import { startMetricsServer } from '../proto/metrics/metrics-server.ts';
import { bindServer } from '../proto/process/bind-server.ts';
import { pause, realClock, withDeadline } from '../proto/process/clock.ts';
import { createAvailability } from '../proto/process/create-availability.ts';
import { type OpeningWatch, startOpeningWatch } from '../proto/process/opening-watch.ts';
import { startTraces } from '../proto/process/start-traces.ts';
import { readGrpcServerTls } from '../proto/settings/grpc-tls.ts';
import { signingKey } from '../proto/settings/secret-keys.ts';
import type { ProviderConfig } from './config.ts';
import { type Connections, connectServers } from './connect-servers.ts';
import { createGrpcServer } from './create-grpc-server.ts';
import { createProviderWarmUp } from './create-provider-warm-up.ts';
import { createOrderPath, type OrderPathOptions } from './orders/order-path.ts';
import { countPending, readPending } from './orders/read-pending.ts';
import { createRecordEncoder } from './orders/record-encoder.ts';
import { startConnectionRecycler } from './rpc/connection-recycler.ts';

const STOCKS_IN_MEMORY = 10_000;
const CLOSE_MS = 5000;
const CONNECTIONS_KEPT = 4;
/** A scrape does not wait for longer while Kafka is away. */
const READ_LAG_MS = 2000;

const NAMES = ['StockService', 'OrderService', 'DrawService', 'WebhookService'];
const SERVICES = ['', ...NAMES.map((name) => `flashsale.v1.${name}`)];

export type RunningProvider = { port: number; drain(): Promise<void>; close(): Promise<void> };

/** Starts the gRPC server. It serves without Redis or Kafka, and is ready when MySQL answers. */
export async function startServer(config: ProviderConfig, name: string, logger: Logger): Promise<RunningProvider> {
  const traces = await startTraces(config, { service: 'flash-sale-provider', instance: name, logger });
  const metrics = createMetrics('provider');
  const connections = connectServers(config, name, logger, metrics);
  const { mysql, paymentMysql, database, redis, log, lag } = connections;
  const openBreakers = new Set<number>();
  const openings = startOpeningWatch(realClock, () => warmUp.run());
  const orderPath = createOrderPath({
    ...orderPathOptions({ config, metrics, logger, connections, openBreakers, openings }),
    traces,
  });
  const closing = new AbortController();
  const server = createGrpcServer({
    config,
    name,
    logger,
    metrics,
    connections,
    orderPath,
    traces,
    closing: closing.signal,
  });
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
  const optional = { redis: watchAnswers(redis, realClock), kafka: () => log.isConnected() && openBreakers.size === 0 };
  metrics.watchUp({ redis: optional.redis, kafka: optional.kafka, mysql: kept.isUp });
  metrics.watchSecrets(config);
  metrics.watchPool(mysql.client.pool, paymentMysql.client.pool);
  metrics.watchWarmUp(warmUp.describe);
  metrics.watch('flashsale_partition_lag_records', async () =>
    countPending(await withDeadline(realClock, READ_LAG_MS, 'lag', readPending(lag, redis))),
  );
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
        traces?.close(),
      ]);
      publisher.close();
      redis.destroy();
    },
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
    readLag: () => readPending(lag, redis),
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
    onAppend: (isAcknowledged, tookMs) => metrics.appended(isAcknowledged, tookMs / 1000),
    onBreaker(partition, isOpen) {
      if (isOpen) openBreakers.add(partition);
      else openBreakers.delete(partition);
      metrics.breaker(isOpen);
      logger.warn({ partition }, isOpen ? 'circuit breaker opened' : 'circuit breaker closed');
    },
  };
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
