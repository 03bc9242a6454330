import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { settleKeptPayments } from '../../db/payments/settle-kept-payments.ts';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import type { Cooldowns } from '../../db/redis/cooldowns.ts';
import { announceReturn } from '../../db/stocks/announce-return.ts';
import type { UnitsAfter } from '../../db/stocks/stock-table.ts';
import type { Appender } from '../../proto/kafka/kafka.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import type { PaymentGateway } from '../../proto/payments/payment-gateway.ts';
import { realClock as clock } from '../../proto/process/clock.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import { sendEvents } from '../events/send-events.ts';
import { type AuditJobOptions, startAuditJob } from './start-audit-job.ts';
import { startEventGauges } from './start-event-gauges.ts';
import { startExpiryJob } from './start-expiry-job.ts';
import { startJob } from './start-job.ts';
import { type OfferJobOptions, startOfferJob } from './start-offer-job.ts';
import { startOutboxJobs } from './start-outbox-jobs.ts';
import { startPaymentGauges, startPaymentJobs } from './start-payment-jobs.ts';
import { startRestingGauge } from './start-resting-gauge.ts';
import { startSaleJob } from './start-sale-job.ts';

export type JobsOptions = {
  database: Database;
  /** On a pool of its own: jobs of payments run while their gateway is slow, and many at a time. */
  paymentDatabase: Database;
  audit: Pick<AuditJobOptions, 'auditDatabase' | 'everySeconds'>;
  redis: RedisClient;
  /** Null: COOLDOWN is 0. */
  cooldowns: Cooldowns | null;
  log: Appender;
  orderTopic: string;
  eventTopic: string;
  /** Null: no draws (DRAW_KEY is empty). */
  offers: Pick<OfferJobOptions, 'mintOrderNo' | 'offerWithinMs'> | null;
  /** Null: no refunds are sent, and no sessions checked. */
  gateway: PaymentGateway | null;
  metrics: Pick<Metrics, 'watch' | 'paymentRecorded'>;
  logger: Logger;
  traces?: Traces | undefined;
};

const SETTLE_EVERY_MS = 2000;

/** Starts the periodic jobs of a worker. Each may run in several workers at once. */
export function startJobs(options: JobsOptions): { close(): Promise<void> } {
  const {
    database,
    paymentDatabase,
    audit,
    redis,
    cooldowns,
    log,
    orderTopic,
    eventTopic,
    offers,
    gateway,
    metrics,
    logger,
    traces,
  } = options;
  const jobs = [
    startExpiryJob({ database, redis, cooldowns, logger, clock, traces }),
    startAuditJob({ database, ...audit, metrics, logger, clock }),
    startRestingGauge({ database, metrics, logger, clock }),
    startSaleJob({ database, logger, clock }),
    startEventGauges({ database, metrics, logger, clock }),
    startPaymentGauges({ database: paymentDatabase, metrics, logger, clock }),
    startJob({
      name: 'kept payments',
      everyMs: SETTLE_EVERY_MS,
      logger,
      clock,
      work: () =>
        settleKeptPayments(paymentDatabase, (event, recorded) => {
          metrics.paymentRecorded(recorded);
          logger.info({ ...event, outcome: recorded.outcome }, 'kept payment settled');
        }),
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
  if (offers) jobs.push(startOfferJob({ database, redis, ...offers, logger, clock }));
  if (gateway) {
    const onReturn = (units: UnitsAfter) => announceReturn(redis, units);
    const onPayment = metrics.paymentRecorded;
    const common = { database: paymentDatabase, gateway, onPayment, onReturn, logger, clock, traces };
    jobs.push(...startPaymentJobs({ ...common, random: Math.random }));
  }
  return {
    async close() {
      await Promise.all(jobs.map((job) => job.close()));
    },
  };
}
