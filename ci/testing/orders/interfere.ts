import type { Database, Transaction } from '../../../db/mysql/database.ts';

/** The beginnings of the statements of a deciding transaction. */
const STEPS = {
  takeUnits: 'UPDATE stock SET sale = sale + ?',
  insertOrders: 'INSERT INTO stock_order',
} as const;

/** The database, with `act` called before each statement of the step. `times`: how often the step came, counted from 1. */
export function interfere(
  database: Database,
  step: keyof typeof STEPS,
  act: (times: number) => Promise<void>,
): Database {
  let times = 0;
  return {
    ...database,
    transaction: (work) =>
      database.transaction((transaction) => {
        const change: Transaction['change'] = async (sql, values) => {
          if (sql.startsWith(STEPS[step])) {
            times += 1;
            await act(times);
          }
          return transaction.change(sql, values);
        };
        return work({ ...transaction, change });
      }),
  };
}
