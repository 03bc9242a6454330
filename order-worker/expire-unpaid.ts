import type { Logger } from 'pino';
import type { Database } from '../db/mysql/database.ts';
import { expireOrders } from '../db/orders/expire-orders.ts';
import type { RedisClient } from '../db/redis/connect-redis.ts';
import { announceReturn } from '../db/stocks/announce-return.ts';
import type { Clock } from '../proto/process/clock.ts';
import { runEvery } from './run-every.ts';

export type ExpireUnpaidOptions = {
  database: Database;
  redis: RedisClient;
  logger: Logger;
  clock: Clock;
};

const EXPIRE_EVERY_MS = 1000;

/** Ends unpaid orders whose time is over, every second, and tells what is on sale again. */
export function expireUnpaid({ database, redis, logger, clock }: ExpireUnpaidOptions) {
  return runEvery({
    what: 'expiry',
    everyMs: EXPIRE_EVERY_MS,
    logger,
    clock,
    work: () =>
      expireOrders(database, {
        onExpired(units, orders) {
          announceReturn(redis, units);
          logger.info({ sid: units.sid, orders }, 'unpaid orders expired');
        },
        onError: (sid, error) => logger.warn({ err: error, sid }, 'not expired yet, again'),
      }),
  });
}
