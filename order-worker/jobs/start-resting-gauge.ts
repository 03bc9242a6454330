import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { countResting } from '../../db/orders/rest-returns.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { type Job, startJob } from './start-job.ts';

export type RestingGaugeOptions = {
  database: Database;
  metrics: Pick<Metrics, 'watch'>;
  logger: Logger;
  clock: Clock;
};

const COUNT_EVERY_MS = 5000;

/** Updates the gauge of resting stocks (db/orders/rest-returns.ts). While a stock rests, returned units are not sold. */
export function startRestingGauge({ database, metrics, logger, clock }: RestingGaugeOptions): Job {
  let stocks = 0;
  metrics.watch('flashsale_resting_stocks', () => stocks);
  return startJob({
    name: 'resting stocks',
    everyMs: COUNT_EVERY_MS,
    logger,
    clock,
    async work() {
      stocks = await database.session(countResting);
      return false;
    },
  });
}
