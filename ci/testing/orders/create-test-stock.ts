import { randomInt } from 'node:crypto';
import type { Knex } from 'knex';
import { createDatabase } from '../../../db/mysql/database.ts';
import { insertStock, type NewStock } from '../../../db/stocks/stock-table.ts';

/** Puts a stock of a random id into the database and returns the id. */
export async function createTestStock(mysql: Knex, stock: Partial<NewStock> = {}): Promise<number> {
  const sid = stock.sid ?? randomInt(2, 2 ** 47);
  const plain: NewStock = {
    sid,
    name: 'A lamp',
    count: 10,
    kind: 'sale',
    currency: 'CNY',
    priceCents: 1999,
    opensAtMs: null,
    closesAtMs: null,
    paused: false,
  };
  const made = await createDatabase({ mysql, statementMs: 5000 }).session((session) =>
    insertStock(session, { ...plain, ...stock, sid }),
  );
  if (!made) throw new Error(`stock ${sid} exists`);
  return sid;
}
