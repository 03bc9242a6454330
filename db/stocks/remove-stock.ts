import type { Knex } from 'knex';
import { ROLL_BACK, useTransaction } from '../mysql/use-session.ts';
import { type RecordChange, recordNothing } from './admin-action-table.ts';
import { readStocks, type Stock } from './stock-table.ts';

export type StockRemoval = { outcome: 'REMOVED'; stock: Stock } | { outcome: 'NO_STOCK' | 'HAS_ORDERS' };

/**
 * Removes a stock of kind "sale" that no order row names. A decision that holds the stock's row is waited for, and its orders are seen
 * then; one that has only read it fails its version check, and finds no stock when it decides again. So no order is left without its stock.
 * `record` runs in the same transaction.
 */
export async function removeStock(
  mysql: Knex,
  statementMs: number,
  sid: number,
  record: RecordChange = recordNothing,
): Promise<StockRemoval> {
  let refused: StockRemoval = { outcome: 'NO_STOCK' };
  const done = await useTransaction<StockRemoval>(mysql, statementMs, async (session) => {
    const [stock] = await readStocks(session, [sid], true);
    if (stock?.kind !== 'sale') return ROLL_BACK;
    await session.change('UPDATE stock SET version = version + 1 WHERE id = ?', [sid]);
    const orders = await session.rows('SELECT order_no FROM stock_order WHERE sid = ? LIMIT 1', [sid]);
    if (orders.length > 0) {
      refused = { outcome: 'HAS_ORDERS' };
      return ROLL_BACK;
    }
    await session.change('DELETE FROM stock WHERE id = ?', [sid]);
    await record(session, String(sid));
    return { outcome: 'REMOVED', stock };
  });
  return done === ROLL_BACK ? refused : done;
}
