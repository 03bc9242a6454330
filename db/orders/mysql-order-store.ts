import type { Database } from '../mysql/database.ts';
import { readStocks, takeUnits } from '../stocks/stock-table.ts';
import type { OrderStore } from './decide-orders.ts';
import { insertOrderEvents } from './order-event-table.ts';
import { insertOrders, readActiveOrders, readKnownOrders } from './order-table.ts';

/** The deciding transaction on MySQL. */
export function mysqlOrderStore(database: Database): OrderStore {
  return {
    transact: (work) =>
      database.transaction(async (transaction) => {
        const value = await work({
          readStocks: (sids, lock) => readStocks(transaction, sids, lock),
          readKnown: (orderNos) => readKnownOrders(transaction, orderNos),
          readLive: (wanted) => readActiveOrders(transaction, wanted),
          takeUnits: (sid, version, units) => takeUnits(transaction, sid, version, units),
          insertOrders: (orders) => insertOrders(transaction, orders),
          insertEvents: (events) => insertOrderEvents(transaction, events),
        });
        return value ?? transaction.rollBack(null);
      }),
  };
}
