import { countDuePayments, type DuePayments } from '../../db/payments/count-due-payments.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import { refundPayments } from './refund-payments.ts';
import { type SessionJobOptions, settleSessions } from './settle-sessions.ts';
import { type Job, startJob } from './start-job.ts';

const EVERY_MS = 1000;
const COUNT_EVERY_MS = 5000;

/** The jobs that call the gateway. Each may run in several workers at once. */
export function startPaymentJobs(options: SessionJobOptions): Job[] {
  const { gateway, logger, clock } = options;
  const start = (name: string, work: () => Promise<boolean>) =>
    startJob({ name, everyMs: EVERY_MS, logger, clock, work });
  const jobs = [start('refunds', () => refundPayments(options))];
  if (gateway.endSession) jobs.push(start('payment sessions', () => settleSessions(options)));
  return jobs;
}

/** Updates the gauges of what waits for the gateway, or for a person. */
export function startPaymentGauges({
  database,
  metrics,
  logger,
  clock,
}: Pick<SessionJobOptions, 'database' | 'logger' | 'clock'> & { metrics: Pick<Metrics, 'watch'> }): Job {
  let counts: DuePayments = { sessionsDue: 0, refundsDue: 0, refundsFailed: 0 };
  metrics.watch('flashsale_payment_sessions_due', () => counts.sessionsDue);
  metrics.watch('flashsale_refunds_due', () => counts.refundsDue);
  metrics.watch('flashsale_refunds_failed', () => counts.refundsFailed);
  return startJob({
    name: 'payment counts',
    everyMs: COUNT_EVERY_MS,
    logger,
    clock,
    async work() {
      counts = await database.session(countDuePayments);
      return false;
    },
  });
}
