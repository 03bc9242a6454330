import type { Logger } from 'pino';
import type { Database } from '../../db/mysql/database.ts';
import { expireOrders } from '../../db/orders/expire-orders.ts';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import type { Cooldowns } from '../../db/redis/cooldowns.ts';
import { announceReturn } from '../../db/stocks/announce-return.ts';
import type { Clock } from '../../proto/process/clock.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import { type Job, startJob } from './start-job.ts';

export type ExpiryJobOptions = {
  database: Database;
  redis: RedisClient;
  /** Keeps the buyers of expired orders out of the stock; null: COOLDOWN is 0. */
  cooldowns: Cooldowns | null;
  logger: Logger;
  clock: Clock;
  traces?: Traces | undefined;
};

const EXPIRE_EVERY_MS = 1000;

/** Expires unpaid orders every second, and publishes the returned units. */
export function startExpiryJob({ database, redis, cooldowns, logger, clock, traces }: ExpiryJobOptions): Job {
  return startJob({
    name: 'expiry',
    everyMs: EXPIRE_EVERY_MS,
    logger,
    clock,
    work() {
      let startMs = traces?.nowMs() ?? 0;
      return expireOrders(database, {
        onExpired(units, orders) {
          announceReturn(redis, units);
          void cooldowns?.start(
            units.sid,
            orders.map(({ buyer }) => buyer),
          );
          logger.info({ sid: units.sid, orders: orders.length }, 'unpaid orders expired');
          if (!traces) return;
          traces.startStep('expire', traces.sample(orders), { startMs })?.end({ 'flashsale.orders': orders.length });
          // The stocks are expired one after the other.
          startMs = traces.nowMs();
        },
        onGivenUp: (orderNos) =>
          logger.warn({ orderNos }, 'orders expired while the gateway keeps their sessions open'),
        onError: (sid, error) => logger.warn({ err: error, sid }, 'expiry failed; retrying'),
      });
    },
  });
}
