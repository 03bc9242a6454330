import { setTimeout as sleep } from 'node:timers/promises';
import { expireOrders } from '../../../../db/orders/expire-orders.ts';
import type { Fault } from './fault.ts';

const LASTS_MS = 4000;
const ROUNDS = 4;
const DUE_EACH = 60;

/** Orders expire during the sale, ended by more jobs than usual. */
export const expiryFaults: Fault[] = [
  {
    name: 'two-expiries',
    what: 'four times 60 orders expire at once, and four jobs end them: those of the two order-workers, and two more',
    // Refused buyers do not return; the returned units need more buyers.
    lastsMs: LASTS_MS,
    buyers: 600,
    bounds: { errorsEndMs: 0, recoverMs: 5000 },
    alarm: { none: 'expiry is normal work' },
    inject({ database, sid, print }) {
      let expired = 0;
      const options = {
        onExpired(_: unknown, orders: unknown[]) {
          expired += orders.length;
        },
        onError: () => undefined,
      };
      const running = (async () => {
        for (let round = 0; round < ROUNDS; round += 1) {
          await database.session((session) =>
            session.change(
              `UPDATE stock_order SET pay_by = NOW(3) WHERE sid = ? AND state = 'awaiting_payment' LIMIT ${DUE_EACH}`,
              [sid],
            ),
          );
          await Promise.all([expireOrders(database, options), expireOrders(database, options)]);
          await sleep(LASTS_MS / ROUNDS);
        }
      })();
      running.catch(() => undefined);
      return async () => {
        await running;
        print(`  the two additional jobs ended ${expired} orders`);
      };
    },
  },
];
