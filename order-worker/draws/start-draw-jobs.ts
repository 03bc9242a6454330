import { eraseOldEntries } from '../../db/draws/erase-old-entries.ts';
import { countDueDraws } from '../../db/draws/steps/find-due-draws.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import { type Job, startJob } from '../jobs/start-job.ts';
import { type DrawDueOptions, drawDue } from './draw-due.ts';

/** Without a DRAW_KEY this worker draws nothing, and only counts the draws that wait. */
export type DrawJobsOptions = DrawDueOptions & {
  /** ENTRY_KEEP_DAYS. */
  keepDays: number;
  metrics: Pick<Metrics, 'watch'>;
};

const EVERY_MS = 1000;
const COUNT_EVERY_MS = 5000;
const ERASE_EVERY_MS = 600_000;

/** Closes, states and draws what is due. Each draw is worked on by one worker at a time. */
export function startDrawJobs(options: DrawJobsOptions): Job {
  const { database, drawKey, beacon, keepDays, metrics, logger, clock } = options;
  let stopping = false;
  const shouldStop = () => stopping;
  let due = 0;
  metrics.watch('flashsale_draws_due', () => due);
  const jobs = [
    startJob({
      name: 'draws due',
      everyMs: COUNT_EVERY_MS,
      logger,
      clock,
      async work() {
        due = await database.session((session) => countDueDraws(session, beacon));
        return false;
      },
    }),
    startJob({
      name: 'old entries',
      everyMs: ERASE_EVERY_MS,
      logger,
      clock,
      async work() {
        const entries = await eraseOldEntries(database, { keepDays, shouldStop });
        if (entries > 0) logger.info({ entries }, 'buyers of old entries erased');
      },
    }),
  ];
  const draw = () => drawDue(options, shouldStop);
  if (drawKey !== '') jobs.push(startJob({ name: 'draws', everyMs: EVERY_MS, logger, clock, work: draw }));
  return {
    async close() {
      stopping = true;
      await Promise.all(jobs.map((job) => job.close()));
    },
  };
}
