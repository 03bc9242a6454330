import type { Logger } from 'pino';
import { ClaimLostError, claimDraw, type DrawKey, releaseClaim } from '../../db/draws/steps/claim-draw.ts';
import { findDueDraws } from '../../db/draws/steps/find-due-draws.ts';
import type { Database } from '../../db/mysql/database.ts';
import type { Metrics } from '../../proto/metrics/metrics.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { BeaconError, type DrawWork, workOnDraw } from './work-on-draw.ts';

export type DrawDueOptions = Pick<DrawWork, 'beacon' | 'fetchBeacon' | 'page' | 'orderEntries'> & {
  /** On a pool of its own: a large draw takes a minute. */
  database: Database;
  /** DRAW_KEY. */
  drawKey: string;
  /** Default: 30. */
  claimSeconds?: number | undefined;
  metrics: Pick<Metrics, 'drawn'>;
  logger: Logger;
  clock: Clock;
};

const MAX_DRAWS = 20;
/** Until a draw whose step failed is tried again, by this or another worker. */
const FAILED_PAUSE_MS = 5000;
/** The same, when the beacon gave no answer: an attempt takes up to 5 s. */
const BEACON_PAUSE_MS = 30_000;

/** Works on the draws that are due, one after another. Those behind a beacon that gives no answer need it too, and wait for the next turn. */
export async function drawDue(options: DrawDueOptions, shouldStop: () => boolean): Promise<void> {
  const { database, beacon } = options;
  const due = await database.session((session) => findDueDraws(session, beacon, MAX_DRAWS));
  for (const key of due) {
    if (shouldStop()) return;
    if ((await drawOne(options, key, shouldStop)) === 'NO_BEACON') return;
  }
}

async function drawOne(
  options: DrawDueOptions,
  key: DrawKey,
  shouldStop: () => boolean,
): Promise<'DONE' | 'NO_BEACON'> {
  const { database, drawKey, beacon, fetchBeacon, page, orderEntries, claimSeconds, metrics, logger, clock } = options;
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
        orderEntries,
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
