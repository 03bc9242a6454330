import type { Logger } from 'pino';
import { classifyDatabaseError } from '../db/mysql/classify-database-error.ts';
import type { Metrics } from '../proto/metrics/metrics.ts';

/** After so many tries of one batch a person is called. One whose statement is refused does not get better by waiting. */
const TRIES_BEFORE_ALARM = { statement: 3, others: 10 };
/** Then about once a minute: tries of one batch are at most a second apart. */
const ALARM_EVERY = 60;

/**
 * Counts and logs the tries to decide a batch that failed. A batch is never given up, for it holds orders; so an error that does not pass
 * would hold its partition for ever, and this is the alarm: an error in the log, and the kind in `flashsale_decide_retries_total`.
 */
export function reportRetries(logger: Logger, metrics: Pick<Metrics, 'retried'>) {
  return (partition: number, tries: number, error: unknown): void => {
    const kind = classifyDatabaseError(error);
    metrics.retried(kind);
    const first = kind === 'statement' ? TRIES_BEFORE_ALARM.statement : TRIES_BEFORE_ALARM.others;
    const fields = { err: error, partition, tries, kind };
    if (tries >= first && (tries - first) % ALARM_EVERY === 0) {
      logger.error(fields, 'partition is held by an error of the database');
    } else {
      logger.warn(fields, 'batch not committed, again');
    }
  };
}
