import { countUnpublished, type Unpublished } from '../../db/outbox/count-unpublished.ts';
import { type Job, startJob } from './start-job.ts';
import type { RestingGaugeOptions } from './start-resting-gauge.ts';

const COUNT_EVERY_MS = 5000;

/** Updates the gauges of events that wait for their publication. */
export function startEventGauges({ database, metrics, logger, clock }: RestingGaugeOptions): Job {
  let unpublished: Unpublished = { events: 0, ageSeconds: 0 };
  metrics.watch('flashsale_events_unpublished', () => unpublished.events);
  metrics.watch('flashsale_events_unpublished_age_seconds', () => unpublished.ageSeconds);
  return startJob({
    name: 'unpublished events',
    everyMs: COUNT_EVERY_MS,
    logger,
    clock,
    async work() {
      unpublished = await database.session(countUnpublished);
      return false;
    },
  });
}
