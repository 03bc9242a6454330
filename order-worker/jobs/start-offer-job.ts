import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { makeOffers } from '../../db/offers/make-offers.ts';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import { announceReturn } from '../../db/stocks/announce-return.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { type Job, startJob } from './start-job.ts';

export type OfferJobOptions = {
  database: Database;
  redis: RedisClient;
  mintOrderNo(sid: number, buyer: string): string;
  /** Time to pay an offer, in milliseconds. */
  offerWithinMs: number;
  logger: Logger;
  clock: Clock;
};

const OFFER_EVERY_MS = 500;

/** Offers free units to the next entries twice a second, and publishes the units. */
export function startOfferJob(options: OfferJobOptions): Job {
  const { database, redis, mintOrderNo, offerWithinMs, logger, clock } = options;
  return startJob({
    name: 'offers',
    everyMs: OFFER_EVERY_MS,
    logger,
    clock,
    work: () =>
      makeOffers(database, {
        mintOrderNo,
        offerWithinMs,
        onMade({ units, offers, lineEnded }) {
          // Also when a line ended: cached reads say that its units go to offers.
          announceReturn(redis, units);
          logger.info({ sid: units.sid, offers: offers.length, lineEnded }, 'offers made');
        },
        onError: (sid, error) => logger.warn({ err: error, sid }, 'offers failed; retrying'),
      }),
  });
}
