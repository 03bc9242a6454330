import type { Logger } from 'pino';
import type { Database } from '../db/mysql/database.ts';
import { keepConnections } from '../db/mysql/keep-connections.ts';
import { warnOfReplication } from '../db/mysql/warn-of-replication.ts';
import { keepOrderEvents } from '../db/orders/order-event-table.ts';
import { connectRedis, type RedisClient } from '../db/redis/connect-redis.ts';
import { createCooldowns } from '../db/redis/cooldowns.ts';
import { publishDecidedOffset } from '../db/redis/decided-offsets.ts';
import { startProcessPublisher } from '../db/redis/start-process-publisher.ts';
import { watchAnswers } from '../db/redis/watch-answers.ts';
import { hasPendingRecords } from '../proto/kafka/has-pending-records.ts';
import {
  type Appender,
  createKafkaTarget,
  type KafkaTarget,
  startAppender,
  startLagReader,
} from '../proto/kafka/kafka.ts';
import { removeMembers } from '../proto/kafka/remove-members.ts';
import { startTopicConsumer, type TopicConsumer } from '../proto/kafka/topic-consumer.ts';
import { topicNames } from '../proto/kafka/topics.ts';
import type { HandleBatch } from '../proto/kafka/work-through-batch.ts';
import { mintOrderNumber } from '../proto/messages/order-number.ts';
import { createMetrics, type Metrics } from '../proto/metrics/metrics.ts';
import { startMetricsServer } from '../proto/metrics/metrics-server.ts';
import { createGateway } from '../proto/payments/configured/create-gateway.ts';
import { realClock, withDeadline } from '../proto/process/clock.ts';
import { createAvailability } from '../proto/process/create-availability.ts';
import { startTraces } from '../proto/process/start-traces.ts';
import { createWarmUp, type WarmUp } from '../proto/process/warm-up.ts';
import { readKafkaAddress } from '../proto/settings/kafka-security.ts';
import { parseSecretKeys, signingKey } from '../proto/settings/secret-keys.ts';
import type { Traces } from '../proto/traces/traces.ts';
import { appendDeadLetters } from './append-dead-letters.ts';
import { createBatchHandler } from './batch-handler.ts';
import type { WorkerConfig } from './config.ts';
import { createDecisionPublisher } from './decision-publisher.ts';
import { fetchBeacon, quicknetBeacon } from './draws/fetch-beacon.ts';
import { startDrawJobs } from './draws/start-draw-jobs.ts';
import { createEventPositions, type EventPositions } from './events/event-positions.ts';
import { createEventPublisher, type EventPublisher } from './events/event-publisher.ts';
import { sendEvents } from './events/send-events.ts';
import { isPredecessor } from './is-predecessor.ts';
import { type JobsOptions, startJobs } from './jobs/start-jobs.ts';
import { createPartitionStates } from './partition-states.ts';
import { createRetryReporter } from './retry-reporter.ts';
import { connectDatabases } from './servers/connect-databases.ts';
import { warmUpOrders } from './warm-up-orders.ts';
import { startWebhookJobs } from './webhooks/start-webhook-jobs.ts';

const CONNECTIONS_KEPT = 4;
/** CPU time of the warm-up: docs/performance.md, "What helped at the opening". */
const WARM_UP_CPU_MS = 500;
/** Connections that are not open by then are opened by buyers. */
const OPEN_MS = 1000;

/** Joins the worker group and decides the orders in the log until it is closed. */
export async function consumeOrders(
  config: WorkerConfig,
  name: string,
  logger: Logger,
): Promise<{ close(): Promise<void> }> {
  const traces = await startTraces(config, { service: 'flash-sale-order-worker', instance: name, logger });
  const metrics = createMetrics('order-worker');
  const { mysql, pools, database, paymentDatabase, webhookDatabase, drawDatabase, auditDatabase } = connectDatabases(
    config,
    metrics,
  );
  const redis = connectRedis(config, logger);
  const kafka = createKafkaTarget(readKafkaAddress(config), name, logger);
  const topics = topicNames(config.TOPIC_PREFIX);
  // For dead letters and events.
  const log = startAppender(kafka);
  const partitions = createPartitionStates(logger, metrics);
  let stopping = false;

  if (config.NODE_ENV !== 'development') void warnOfReplication(database, logger);
  // Before the log is joined: unpaid orders expire also while Kafka is down.
  const gateway = await createGateway(config);
  const jobs = startJobs({
    database,
    paymentDatabase,
    audit: { auditDatabase, everySeconds: config.AUDIT_EVERY },
    redis,
    cooldowns: createCooldowns(realClock, redis, config),
    log,
    orderTopic: topics.orders,
    eventTopic: topics.orderEvents,
    offers: readOfferOptions(config),
    gateway,
    metrics,
    logger,
    traces,
  });
  const webhooks = startWebhookJobs({
    database: webhookDatabase,
    kafka: { ...kafka, clientId: `${name}-webhooks` },
    topic: topics.orderEvents,
    group: topics.webhookGroup,
    keys: config.WEBHOOK_KEY,
    addresses: config.WEBHOOK_ADDRESSES,
    metrics,
    logger,
    clock: realClock,
    random: Math.random,
    traces,
  });
  const draws = startDrawJobs({
    database: drawDatabase,
    drawKey: config.DRAW_KEY,
    keepDays: config.ENTRY_KEEP_DAYS,
    beacon: quicknetBeacon,
    fetchBeacon: (round) => fetchBeacon(quicknetBeacon, config.DRAW_BEACON_URL, round),
    metrics,
    logger,
    clock: realClock,
  });
  const events = createEventPublisher({
    clock: realClock,
    send: (events) => sendEvents(log, topics.orderEvents, events, realClock),
    keep: (events) => database.session((session) => keepOrderEvents(session, events)),
    onKept: (events, error) => logger.warn({ err: error, events }, 'events not acknowledged; writing rows'),
  });
  const positions = createEventPositions({
    clock: realClock,
    database,
    topic: topics.orders,
    flush: events.flush,
    onLost: (partition, kept) => logger.warn({ partition, events: kept }, 'log position changed; events kept as rows'),
  });
  const kept = keepConnections(realClock, database, {
    count: Math.min(CONNECTIONS_KEPT, config.MYSQL_POOL),
    availability: createAvailability(logger, 'MySQL'),
  });
  const warmUp = createWorkerWarmUp({ config, kafka, database, redis, log, opened: kept.opened });
  let consumer: TopicConsumer | undefined;
  const others = { redis: watchAnswers(redis, realClock), kafka: () => consumer?.isAlive() === true };
  metrics.watchUp({ redis: others.redis, kafka: others.kafka, mysql: kept.isUp });
  metrics.watchSecrets(config);
  metrics.watchPool(mysql.client.pool);
  metrics.watchWarmUp(warmUp.describe);
  const metricsServer = await startMetricsServer({
    port: config.METRICS_PORT,
    host: config.METRICS_HOST,
    metrics,
    needed: {
      working: () => !stopping,
      assigned: partitions.isAssigned,
      mysql: () => database.session((session) => session.rows('SELECT 1')).then(() => true),
    },
    shown: others,
    described: { warmUp: warmUp.describe },
  });
  await removePredecessors(kafka, topics.workerGroup, name);
  await warmUp.run();
  consumer = await startTopicConsumer(kafka, {
    topic: topics.orders,
    group: topics.workerGroup,
    maxBatch: config.DECIDE_BATCH,
    handle: createHandler(
      { config, name, logger, database, redis, log, topics, metrics, traces, events, positions },
      () => stopping,
    ),
    beforeCommit: positions.publishedTo,
    onStuck: partitions.setStuck,
    onAssigned: partitions.assign,
    onCrash(error) {
      logger.fatal({ err: error }, 'log consumer ended');
      process.exit(1);
    },
  });
  const publisher = startProcessPublisher({ kind: 'order-worker', name, metrics, redis });
  logger.info('order-worker started');

  return {
    async close() {
      stopping = true;
      await Promise.all([consumer.close(), jobs.close(), webhooks.close(), draws.close(), kept.close()]);
      await Promise.allSettled([log.close(), ...pools.map((pool) => pool.destroy()), metricsServer.close()]);
      await traces?.close();
      publisher.close();
      redis.destroy();
    },
  };
}

/** Null: draws are off. */
function readOfferOptions({ DRAW_KEY, ORDER_NO_KEY, OFFER_WITHIN }: WorkerConfig): JobsOptions['offers'] {
  if (DRAW_KEY === '') return null;
  return {
    mintOrderNo: (sid, buyer) => mintOrderNumber(ORDER_NO_KEY, sid, buyer),
    offerWithinMs: OFFER_WITHIN * 1000,
  };
}

type WorkerWarmUpOptions = {
  config: WorkerConfig;
  kafka: KafkaTarget;
  database: Database;
  redis: RedisClient;
  log: Appender;
  /** Resolves when connections to MySQL are open. */
  opened: Promise<void>;
};

/** Opens what the first buyers would open, and decides orders that leave nothing behind. Skipped while buyers wait in the log. */
function createWorkerWarmUp({ config, kafka, database, redis, log, opened }: WorkerWarmUpOptions): WarmUp {
  const { logger } = kafka;
  const topics = topicNames(config.TOPIC_PREFIX);
  return createWarmUp({
    isOn: config.WARM_UP === 'on',
    logger,
    cpuMs: WARM_UP_CPU_MS,
    async work(budget) {
      const lag = startLagReader(kafka, topics.orders, topics.workerGroup);
      const isNeeded = await hasPendingRecords(lag);
      await lag.close();
      if (isNeeded) return 'skipped';
      const connections = Promise.allSettled([opened, log.open(topics.orderEvents)]);
      await withDeadline(realClock, OPEN_MS, 'connections', connections).catch(() => undefined);
      const own = { ...kafka, clientId: `${kafka.clientId}-warm-up`, logger };
      await warmUpOrders(
        { database, redis, logger, kafka: own, topic: topics.warmUp, maxOrders: config.DECIDE_BATCH },
        budget,
      );
      return 'done';
    },
  });
}

type HandlerParts = {
  config: WorkerConfig;
  name: string;
  logger: Logger;
  database: Database;
  redis: RedisClient;
  log: Appender;
  topics: ReturnType<typeof topicNames>;
  metrics: Metrics;
  traces: Traces | undefined;
  events: EventPublisher;
  positions: EventPositions;
};

function createHandler(parts: HandlerParts, isStopping: () => boolean): HandleBatch {
  const { config, name, logger, database, redis, log, topics, metrics, traces, events, positions } = parts;
  const clock = realClock;
  return createBatchHandler({
    database,
    publish: createDecisionPublisher({ redis, logger, clock, name, key: signingKey(config.DECISION_KEY) }),
    options: {
      clock,
      random: Math.random,
      payWithinMs: config.PAY_WITHIN * 1000,
      maxOrders: config.DECIDE_BATCH,
      onCommitted: (batch) => metrics.committed('log', batch),
    },
    verification: {
      keys: parseSecretKeys(config.ORDER_RECORD_KEY),
      acceptsUnsigned: config.UNSIGNED_RECORDS === 'accept',
    },
    async deadLetter(partition, letters, context) {
      await appendDeadLetters({ log, topic: topics.ordersDead, logger }, partition, letters, context);
      metrics.deadLettered(letters.length);
    },
    publishEvents: events.add,
    positions,
    traces,
    isStopping,
    onDecided: (partition, next) => publishDecidedOffset(redis, partition, next),
    onLag: (partition, records) => metrics.lag(partition, records),
    onRetry: createRetryReporter(logger, metrics),
  });
}

/** A predecessor that died keeps its partitions until its Kafka session ends, and their buyers wait. */
async function removePredecessors(kafka: KafkaTarget, group: string, name: string): Promise<void> {
  const { logger } = kafka;
  try {
    const removed = await removeMembers(kafka, group, ({ clientId }) => isPredecessor(clientId, name));
    if (removed.length > 0) logger.info({ removed }, 'dead predecessor removed from the group');
  } catch (error) {
    logger.warn({ err: error }, 'search for a dead predecessor failed');
  }
}
