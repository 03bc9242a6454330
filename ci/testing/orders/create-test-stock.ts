import type { Knex } from 'knex';
import { createDatabase } from '../../../db/mysql/database.ts';
import type { NewStock } from '../../../db/stocks/stock-table.ts';
import { createStock } from '../../command/create-stock.ts';

/** Inserts a stock into the database of a test and returns its id. */
export function createTestStock(mysql: Knex, stock: Partial<NewStock> = {}): Promise<number> {
  return createStock(createDatabase({ mysql, statementMs: 5000 }), stock);
}
