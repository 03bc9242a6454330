import type { Logger } from 'pino';
import type { Database } from '../db/mysql/database.ts';
import { publishEvents } from '../db/orders/publish-events.ts';
import { settleKeptPayments } from '../db/payments/settle-kept-payments.ts';
import type { RedisClient } from '../db/redis/connect-redis.ts';
import type { Appender } from '../proto/kafka/kafka.ts';
import type { Metrics } from '../proto/metrics/metrics.ts';
import { createGateway } from '../proto/payments/gateway.ts';
import { realClock as clock } from '../proto/process/clock.ts';
import type { WorkerConfig } from './config.ts';
import { countRestingStocks } from './count-resting-stocks.ts';
import { expireUnpaid } from './expire-unpaid.ts';
import { refundPayments } from './refund-payments.ts';
import { runEvery } from './run-every.ts';
import { sendEvents } from './send-events.ts';

export type JobOptions = {
  config: WorkerConfig;
  database: Database;
  redis: RedisClient;
  log: Appender;
  eventTopic: string;
  metrics: Pick<Metrics, 'watch'>;
  logger: Logger;
};

const REFUND_EVERY_MS = 1000;
const PUBLISH_EVERY_MS = 200;
const PUBLISH_BATCH = 500;
const SETTLE_EVERY_MS = 2000;

/** What a worker does beside the log. Each of it may run in any number of workers at once. */
export function startJobs({ config, database, redis, log, eventTopic, metrics, logger }: JobOptions): {
  close(): Promise<void>;
} {
  const jobs = [
    expireUnpaid({ database, redis, logger, clock }),
    countRestingStocks({ database, metrics, logger, clock }),
    runEvery({
      what: 'kept payments',
      everyMs: SETTLE_EVERY_MS,
      logger,
      clock,
      work: () =>
        settleKeptPayments(database, (event, { outcome }) =>
          logger.info({ ...event, outcome }, 'kept payment settled'),
        ),
    }),
    runEvery({
      what: 'order events',
      everyMs: PUBLISH_EVERY_MS,
      logger,
      clock,
      async work() {
        // Otherwise a worker that cannot publish would hold the lock while another could.
        if (!log.isConnected()) return false;
        const publish = (events: Parameters<typeof sendEvents>[2]) => sendEvents(log, eventTopic, events, clock);
        return (await publishEvents(database, { batch: PUBLISH_BATCH, publish })).more;
      },
    }),
  ];
  const gateway = createGateway(config.GATEWAY, { url: config.GATEWAY_URL, secret: config.WEBHOOK_SECRET });
  if (gateway) {
    const work = () => refundPayments({ database, gateway, logger, clock });
    jobs.push(runEvery({ what: 'refunds', everyMs: REFUND_EVERY_MS, logger, clock, work }));
  }
  return {
    async close() {
      await Promise.all(jobs.map((job) => job.close()));
    },
  };
}
