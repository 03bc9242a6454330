import type { Knex } from 'knex';
import { ROLL_BACK, useTransaction } from '../mysql/use-session.ts';
import { readStocks, takeUnits } from '../stocks/stock-table.ts';
import type { OrderStore } from './decide-orders.ts';
import { insertOrderEvents } from './order-event-table.ts';
import { insertOrders, readActiveOrders, readKnownOrders } from './order-table.ts';

/** The deciding transaction on MySQL. `statementMs` is the longest one statement may take. */
export function mysqlOrderStore(mysql: Knex, statementMs: number): OrderStore {
  return {
    async transact(work) {
      const result = await useTransaction(mysql, statementMs, async (session) => {
        const value = await work({
          readStocks: (sids, lock) => readStocks(session, sids, lock),
          readKnown: (orderNos) => readKnownOrders(session, orderNos),
          readLive: (wanted) => readActiveOrders(session, wanted),
          takeUnits: (sid, version, units) => takeUnits(session, sid, version, units),
          insertOrders: (orders) => insertOrders(session, orders),
          insertEvents: (events) => insertOrderEvents(session, events),
        });
        return value ?? ROLL_BACK;
      });
      return result === ROLL_BACK ? null : result;
    },
  };
}
