import type { Logger } from 'pino';
import { eraseOldEntries } from '../../db/draws/erase-old-entries.ts';
import { ClaimLostError, claimDraw, type DrawKey, releaseClaim } from '../../db/draws/steps/claim-draw.ts';
import { countDueDraws, findDueDraws } from '../../db/draws/steps/find-due-draws.ts';
import type { Database } from '../../db/mysql/database.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { type Job, startJob } from '../jobs/start-job.ts';
import { BeaconError, type DrawWork, workOnDraw } from './work-on-draw.ts';

export type DrawJobsOptions = {
  /** On a pool of its own: a large draw takes a minute. */
  database: Database;
  /** DRAW_KEY. Empty: this worker draws nothing, and only counts the draws that wait. */
  drawKey: string;
  beacon: DrawWork['beacon'];
  fetchBeacon: DrawWork['fetchBeacon'];
  /** ENTRY_KEEP_DAYS. */
  keepDays: number;
  page?: DrawWork['page'];
  /** Default: 30. */
  claimSeconds?: number;
  metrics: Pick<Metrics, 'watch' | 'drawn'>;
  logger: Logger;
  clock: Clock;
};

const EVERY_MS = 1000;
const COUNT_EVERY_MS = 5000;
const ERASE_EVERY_MS = 600_000;
const MAX_DRAWS = 20;
/** Until a draw whose step failed is tried again, by this or another worker. */
const FAILED_PAUSE_MS = 5000;
/** The same, when the beacon gave no answer: an attempt takes up to 5 s. */
const BEACON_PAUSE_MS = 30_000;

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

/** Works on the draws that are due, one after another. Those behind a beacon that gives no answer need it too, and wait for the next turn. */
async function drawDue(options: DrawJobsOptions, shouldStop: () => boolean): Promise<void> {
  const { database, beacon } = options;
  const due = await database.session((session) => findDueDraws(session, beacon, MAX_DRAWS));
  for (const key of due) {
    if (shouldStop()) return;
    if ((await drawOne(options, key, shouldStop)) === 'NO_BEACON') return;
  }
}

async function drawOne(
  options: DrawJobsOptions,
  key: DrawKey,
  shouldStop: () => boolean,
): Promise<'DONE' | 'NO_BEACON'> {
  const { database, drawKey, beacon, fetchBeacon, page, claimSeconds, metrics, logger, clock } = options;
  const claim = await claimDraw(database, key, { clock, shouldStop, claimSeconds });
  if (!claim) return 'DONE';
  const startMs = clock.nowMs();
  let pauseMs = 0;
  let hasBeacon = true;
  try {
    await workOnDraw(
      {
        database,
        drawKey,
        beacon,
        fetchBeacon,
        page,
        onStep(step, { sid, attempt }) {
          const seconds = (clock.nowMs() - startMs) / 1000;
          metrics.drawn(step, seconds);
          if (step === 'void') logger.error({ sid, attempt }, 'draw attempt void: no statement in time');
          else logger.info({ sid, attempt, step, seconds }, 'draw went on');
        },
      },
      claim,
    );
  } catch (error) {
    if (error instanceof ClaimLostError) logger.info({ err: error }, 'draw left to another worker');
    else {
      hasBeacon = !(error instanceof BeaconError);
      pauseMs = hasBeacon ? FAILED_PAUSE_MS : BEACON_PAUSE_MS;
      logger.warn({ err: error, sid: key.sid, attempt: key.attempt }, 'draw failed; retrying');
    }
  }
  await database.session((session) => releaseClaim(session, claim, pauseMs));
  return hasBeacon ? 'DONE' : 'NO_BEACON';
}
