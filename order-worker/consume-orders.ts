import type { Logger } from 'pino';
import { connectMysql } from '../db/mysql/connect-mysql.ts';
import { createDatabase } from '../db/mysql/database.ts';
import { warnOfReplication } from '../db/mysql/warn-of-replication.ts';
import { mysqlOrderStore } from '../db/orders/mysql-order-store.ts';
import { connectRedis } from '../db/redis/connect-redis.ts';
import { publishProcess } from '../db/redis/publish-process.ts';
import { type Appender, type LogRecord, startAppender } from '../proto/kafka/kafka.ts';
import { removeMembers } from '../proto/kafka/remove-members.ts';
import { startTopicConsumer } from '../proto/kafka/topic-consumer.ts';
import { topicNames } from '../proto/kafka/topics.ts';
import { type BatchContext, NotOwnedError } from '../proto/kafka/work-through-batch.ts';
import { type CommittedBatch, createMetrics } from '../proto/metrics/metrics.ts';
import { startMetricsServer } from '../proto/metrics/metrics-server.ts';
import { pause, realClock } from '../proto/process/clock.ts';
import { parseSecretKeys, signingKey } from '../proto/settings/secret-keys.ts';
import { createBatchHandler } from './batch-handler.ts';
import type { WorkerConfig } from './config.ts';
import { type DeadLetterRecord, UnknownRecordVersionError } from './decide-records.ts';
import { createDecisionPublisher } from './decision-publisher.ts';
import { isPredecessor } from './is-predecessor.ts';
import { reportRetries } from './report-retries.ts';
import { startJobs } from './start-jobs.ts';

const BURY_PAUSE_MS = 1000;

/** Joins the worker group and decides what the log holds, until closed. */
export async function consumeOrders(
  config: WorkerConfig,
  name: string,
  logger: Logger,
): Promise<{ close(): Promise<void> }> {
  const statementMs = config.MYSQL_STATEMENT_MS;
  // A worker that freezes inside a transaction lets go of its row locks after idleSeconds.
  const mysql = connectMysql({
    url: config.MYSQL_URL,
    maxConnections: config.MYSQL_POOL,
    acquireDeadlineMs: statementMs,
    idleSeconds: 3,
    statementMs,
  });
  const database = createDatabase({ mysql, statementMs });
  const redis = connectRedis(config, logger);
  const kafka = { brokers: config.KAFKA_BROKERS.split(','), clientId: name, logger };
  const topics = topicNames(config.TOPIC_PREFIX);
  // Dead letters and order events.
  const log = startAppender(kafka);
  const store = mysqlOrderStore(database);
  const key = signingKey(config.DECISION_KEY);
  const tell = createDecisionPublisher({ redis, logger, clock: realClock, name, key });
  const verification = {
    keys: parseSecretKeys(config.ORDER_RECORD_KEY),
    acceptsUnsigned: config.UNSIGNED_RECORDS === 'accept',
  };
  const metrics = createMetrics('order-worker');
  const options = {
    clock: realClock,
    random: Math.random,
    payWithinMs: config.PAY_WITHIN * 1000,
    maxOrders: config.DECIDE_BATCH,
    onCommitted: (batch: CommittedBatch) => metrics.committed('log', batch),
  };
  let stopping = false;
  let assigned: number[] | undefined;

  if (config.NODE_ENV !== 'development') void warnOfReplication(database, logger);
  // Before the log is joined: what is unpaid expires also while Kafka is away.
  const jobs = startJobs({ config, database, redis, log, eventTopic: topics.orderEvents, metrics, logger });
  // One that died without a word would keep its partitions until Kafka's session is over, in which their buyers wait.
  await removeMembers(kafka, topics.workerGroup, ({ clientId }) => isPredecessor(clientId, name)).then(
    (removed) => removed.length > 0 && logger.info({ removed }, 'dead predecessor removed from the group'),
    (error) => logger.warn({ err: error }, 'the group was not asked for a dead predecessor'),
  );
  const stuck = new Set<number>();
  const consumer = await startTopicConsumer(kafka, {
    topic: topics.orders,
    group: topics.workerGroup,
    maxBatch: config.DECIDE_BATCH,
    handle: createBatchHandler({
      store,
      tell,
      options,
      verification,
      bury: (partition, dead, context) => buryRecords(log, topics.ordersDead, partition, dead, context, logger),
      isStopping: () => stopping,
      onLag: (partition, records) => metrics.lag(partition, records),
      onRetry: reportRetries(logger, metrics),
    }),
    onStuck(partition, isStuck, error) {
      if (isStuck) stuck.add(partition);
      else stuck.delete(partition);
      if (error instanceof UnknownRecordVersionError)
        logger.error({ err: error, partition }, 'record version is not known to this release, partition is stopped');
      else if (isStuck) logger.warn({ err: error, partition }, 'partition is stuck, the others go on');
      else logger.info({ partition }, 'partition goes on');
    },
    onCrash(error) {
      logger.fatal({ err: error }, 'the log consumer ended');
      process.exit(1);
    },
    onAssigned(partitions) {
      assigned = partitions;
      for (const partition of stuck) if (!partitions.includes(partition)) stuck.delete(partition);
      metrics.assigned(partitions);
      logger.info({ partitions }, 'partitions assigned');
    },
  });
  const others = { redis: () => redis.isReady, kafka: () => consumer.isAlive() };
  metrics.watch('flashsale_log_stuck_partitions', () => stuck.size);
  metrics.watchUp(others);
  metrics.watchPool(mysql.client.pool);
  const metricsServer = await startMetricsServer({
    port: config.METRICS_PORT,
    host: config.METRICS_HOST,
    metrics,
    needed: {
      working: () => !stopping,
      assigned: () => assigned !== undefined,
      mysql: () => database.session((session) => session.rows('SELECT 1')).then(() => true),
    },
    shown: others,
  });
  const stopPublishing = publishProcess({ kind: 'order-worker', name, metrics, redis });
  logger.info('order-worker consumes');

  return {
    async close() {
      stopping = true;
      await Promise.all([consumer.close(), jobs.close()]);
      await Promise.allSettled([log.close(), mysql.destroy(), metricsServer.close()]);
      stopPublishing();
      redis.destroy();
    },
  };
}

function isTooLarge(error: unknown): boolean {
  const { type, cause } = error as { type?: string; cause?: unknown };
  return type === 'MESSAGE_TOO_LARGE' || (cause instanceof Error && isTooLarge(cause));
}

/** Appends to orders-dead, again and again until it is there: only then may the offset move on. */
async function buryRecords(
  log: Appender,
  topic: string,
  partition: number,
  dead: DeadLetterRecord[],
  context: BatchContext,
  logger: Logger,
): Promise<void> {
  const records: (LogRecord & { headers: Record<string, string> })[] = dead.map(({ offset, value, reason }) => ({
    key: `${partition}/${offset}`,
    value,
    headers: { reason, partition: String(partition), offset: String(offset) },
  }));
  logger.warn(
    { partition, records: records.map(({ key, headers }) => [key, headers.reason]).slice(0, 10) },
    'dead records',
  );
  // One by one: together they may be more than one append may hold.
  for (const record of records) await buryRecord(record);

  async function buryRecord(record: LogRecord): Promise<void> {
    for (;;) {
      await context.heartbeat();
      try {
        await log.append(topic, 0, [record]);
        return;
      } catch (error) {
        if (!context.isOwned()) throw new NotOwnedError('the partition has another owner now', { cause: error });
        if (isTooLarge(error) && record.value) {
          // It can never be kept whole. Where it lies on the log is in its key.
          record.value = null;
          continue;
        }
        logger.warn({ err: error, partition }, 'dead record not kept yet, again');
        await pause(realClock, BURY_PAUSE_MS);
      }
    }
  }
}
