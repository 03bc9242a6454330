import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { findSalesToStore, STORE_EVERY_MS, storeSale } from '../../db/orders/figures/store-sale.ts';
import { GivenUpError, runForCaller } from '../../proto/process/caller-scope.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { type Job, startJob } from './start-job.ts';

/** All orders of a large sale, once. */
const STATEMENT_MS = 120_000;

/** Stores the figures of sales by second, so that the console reads few rows. */
export function startSaleJob({ database, logger, clock }: { database: Database; logger: Logger; clock: Clock }): Job {
  const patient = database.withStatementMs(STATEMENT_MS);
  // Its abort ends the statement that runs, also on the server.
  const life = new AbortController();
  const job = startJob({
    name: 'sale figures',
    everyMs: STORE_EVERY_MS,
    logger,
    clock,
    work: () =>
      runForCaller(life.signal, async () => {
        const failures: unknown[] = [];
        for (const sale of await patient.session(findSalesToStore)) {
          // One sale must not hold up the others.
          await storeSale(patient, sale).catch((error: unknown) => failures.push(error));
        }
        if (failures.length > 0) throw failures[0];
      }),
  });
  return {
    async close() {
      life.abort(new GivenUpError('the worker stops'));
      await job.close();
    },
  };
}
