import type { Logger } from 'pino';
import { connectMysql } from '../db/mysql/connect-mysql.ts';
import { createDatabase } from '../db/mysql/database.ts';
import { realPace } from '../db/mysql/repeat-transaction.ts';
import { connectRedis } from '../db/redis/connect-redis.ts';
import { createKafkaTarget, startAppender, startLagReader } from '../proto/kafka/kafka.ts';
import { topicNames } from '../proto/kafka/topics.ts';
import type { Metrics } from '../proto/metrics/metrics.ts';
import { readKafkaAddress } from '../proto/settings/kafka-security.ts';
import type { ProviderConfig } from './config.ts';
import { createPaymentBatches } from './payments/payment-batches.ts';

const IDLE_SECONDS = 3;

export type Connections = ReturnType<typeof connectServers>;

/** Connects to MySQL, Redis and Kafka in the background. */
export function connectServers(
  config: ProviderConfig,
  name: string,
  logger: Logger,
  { statement: onStatement }: Pick<Metrics, 'statement'>,
) {
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
    database: createDatabase({ mysql, statementMs, onStatement }),
    payments: createPaymentBatches({
      database: createDatabase({ mysql: paymentMysql, statementMs, onStatement }),
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
