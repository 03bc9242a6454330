import type { Logger } from 'pino';
import type { Database } from '../db/mysql/database.ts';
import { countResting } from '../db/orders/rest-returns.ts';
import type { Metrics } from '../proto/metrics/metrics.ts';
import type { Clock } from '../proto/process/clock.ts';
import { runEvery } from './run-every.ts';

export type CountRestingOptions = {
  database: Database;
  metrics: Pick<Metrics, 'watch'>;
  logger: Logger;
  clock: Clock;
};

const COUNT_EVERY_MS = 5000;

/** Keeps the gauge of stocks that rest (db/orders/rest-returns.ts): a rest that is forgotten keeps units from being sold. */
export function countRestingStocks({ database, metrics, logger, clock }: CountRestingOptions) {
  let stocks = 0;
  metrics.watch('flashsale_resting_stocks', () => stocks);
  return runEvery({
    what: 'resting stocks',
    everyMs: COUNT_EVERY_MS,
    logger,
    clock,
    async work() {
      stocks = await database.session(countResting);
      return false;
    },
  });
}
