import type { Knex } from 'knex';
import { createDatabase } from '../../../db/mysql/database.ts';
import { beginRest, endRest, undoRest } from '../../../db/orders/rest-returns.ts';
import { settleAllKeptPayments } from '../../../db/payments/settle-kept-payments.ts';

const STATEMENT_MS = 10_000;

export type StocksAtRest = {
  /** Resolves with a function that undoes it for the stocks whose rest began now. */
  begin(): Promise<() => Promise<void>>;
  /** Settles kept payments, then ends the rest of all stocks; unpaid orders expire then. */
  end(): Promise<void>;
};

/** Pauses expiry, cancellation and refunds while the log is replayed (db/orders/rest-returns.ts). */
export function restStocks(mysql: Knex, print: (line: string) => void): StocksAtRest {
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  return {
    async begin() {
      const sids = await database.transaction(beginRest);
      if (sids.length > 0)
        print(`· ${sids.length} stocks rest: until the replay ends, no unit is returned and pauses have no effect`);
      return async () => {
        const stocks = await database.session((session) => undoRest(session, sids));
        if (stocks > 0) print(`· ${stocks} stocks return units again, without a replay`);
      };
    },
    async end() {
      const { settled, unknown } = await settleAllKeptPayments(database);
      if (settled > 0) print(`· ${settled} kept payments settled`);
      if (unknown > 0) print(`· ${unknown} kept payments have unknown orders: see the table kept_payment`);
      const stocks = await database.session(endRest);
      if (stocks > 0) print(`· ${stocks} stocks return units again`);
    },
  };
}
