import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { settleKeptPayments } from '../../db/payments/settle-kept-payments.ts';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import type { Appender } from '../../proto/kafka/kafka.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import type { PaymentGateway } from '../../proto/payments/payment-gateway.ts';
import { realClock as clock } from '../../proto/process/clock.ts';
import { sendEvents } from '../events/send-events.ts';
import { refundPayments } from './refund-payments.ts';
import { startExpiryJob } from './start-expiry-job.ts';
import { startJob } from './start-job.ts';
import { startOutboxJobs } from './start-outbox-jobs.ts';
import { startRestingGauge } from './start-resting-gauge.ts';

export type JobsOptions = {
  database: Database;
  redis: RedisClient;
  log: Appender;
  orderTopic: string;
  eventTopic: string;
  /** Null: no refunds are sent. */
  gateway: PaymentGateway | null;
  metrics: Pick<Metrics, 'watch'>;
  logger: Logger;
};

const REFUND_EVERY_MS = 1000;
const SETTLE_EVERY_MS = 2000;

/** Starts the periodic jobs of a worker. Each may run in several workers at once. */
export function startJobs({ database, redis, log, orderTopic, eventTopic, gateway, metrics, logger }: JobsOptions): {
  close(): Promise<void>;
} {
  const jobs = [
    startExpiryJob({ database, redis, logger, clock }),
    startRestingGauge({ database, metrics, logger, clock }),
    startJob({
      name: 'kept payments',
      everyMs: SETTLE_EVERY_MS,
      logger,
      clock,
      work: () =>
        settleKeptPayments(database, (event, { outcome }) =>
          logger.info({ ...event, outcome }, 'kept payment settled'),
        ),
    }),
    ...startOutboxJobs({
      database,
      orderTopic,
      publish: (events) => sendEvents(log, eventTopic, events, clock),
      isConnected: () => log.isConnected(),
      logger,
      clock,
    }),
  ];
  if (gateway) {
    const work = () => refundPayments({ database, gateway, logger, clock });
    jobs.push(startJob({ name: 'refunds', everyMs: REFUND_EVERY_MS, logger, clock, work }));
  }
  return {
    async close() {
      await Promise.all(jobs.map((job) => job.close()));
    },
  };
}
