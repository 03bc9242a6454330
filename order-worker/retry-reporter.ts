import type { Logger } from 'pino';
import { classifyDatabaseError } from '../db/mysql/classify-database-error.ts';
import type { Metrics } from '../proto/metrics/metrics.ts';

/** The failed tries of one batch before an error is logged. A statement that the server refuses does not recover by itself. */
const TRIES_BEFORE_ALARM = { statement: 3, others: 10 };
/** About once a minute after that: the tries of a batch are at most a second apart. */
const ALARM_EVERY = 60;

/**
 * Counts and logs failed tries to decide a batch. A batch is never abandoned, because it holds orders; a permanent error therefore
 * blocks its partition. The alarms are an error in the log, and the kind of error in `flashsale_decide_retries_total`.
 */
export function createRetryReporter(logger: Logger, metrics: Pick<Metrics, 'retried'>) {
  return (partition: number, tries: number, error: unknown): void => {
    const kind = classifyDatabaseError(error);
    metrics.retried(kind);
    const first = kind === 'statement' ? TRIES_BEFORE_ALARM.statement : TRIES_BEFORE_ALARM.others;
    const fields = { err: error, partition, tries, kind };
    if (tries >= first && (tries - first) % ALARM_EVERY === 0) {
      logger.error(fields, 'partition is blocked by a database error');
    } else {
      logger.warn(fields, 'batch not committed; retrying');
    }
  };
}
