import { randomInt } from 'node:crypto';
import type { Database } from '../../db/mysql/database.ts';
import { insertStock, type NewStock } from '../../db/stocks/stock-table.ts';

/** Inserts a stock into the database and returns its id. Without `sid` the id is random; without a window the stock is open. */
export async function createStock(database: Database, stock: Partial<NewStock> = {}): Promise<number> {
  const sid = stock.sid ?? randomInt(2, 2 ** 47);
  const defaults: NewStock = {
    sid,
    name: 'A lamp',
    count: 10,
    kind: 'sale',
    currency: 'CNY',
    priceCents: 1999,
    opensAtMs: null,
    closesAtMs: null,
    paused: false,
    maxPerOrder: 1,
  };
  const insertion = await database.session((session) => insertStock(session, { ...defaults, ...stock }));
  if (insertion !== 'INSERTED') throw new Error(`stock ${sid} already exists`);
  return sid;
}
