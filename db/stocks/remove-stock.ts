import type { Database, Session } from '../mysql/database.ts';
import { type RecordChange, recordNothing } from './admin-action-table.ts';
import { readStocks, type Stock } from './stock-table.ts';

export type StockRemoval =
  | { outcome: 'REMOVED'; stock: Stock }
  | { outcome: 'NO_STOCK' | 'HAS_ORDERS' | 'HAS_ENTRIES' };

/**
 * Removes a stock of kind "sale" that has no orders. It waits for a decision that holds the stock's row, and then sees its orders. A
 * decision that only read the row fails its version check and finds no stock on its next try. So no order is left without a stock.
 * `record` runs in the same transaction.
 */
export async function removeStock(
  database: Database,
  sid: number,
  record: RecordChange = recordNothing,
): Promise<StockRemoval> {
  return database.transaction<StockRemoval>(async (transaction) => {
    const [stock] = await readStocks(transaction, [sid], true);
    if (stock?.kind !== 'sale') return transaction.rollBack({ outcome: 'NO_STOCK' });
    await transaction.change('UPDATE stock SET version = version + 1 WHERE id = ?', [sid]);
    const orders = await transaction.rows('SELECT order_no FROM stock_order WHERE sid = ? LIMIT 1', [sid]);
    if (orders.length > 0) return transaction.rollBack({ outcome: 'HAS_ORDERS' });
    if (!(await removeDraw(transaction, sid))) return transaction.rollBack({ outcome: 'HAS_ENTRIES' });
    await transaction.change('DELETE FROM stock WHERE id = ?', [sid]);
    await record(transaction, String(sid));
    return { outcome: 'REMOVED', stock };
  });
}

/** False: buyers have entered, or a statement was published. Entering reads the row of the draw FOR SHARE, so this waits for it, and a later one finds no draw. */
async function removeDraw(transaction: Session, sid: number): Promise<boolean> {
  const draws = await transaction.rows<{ statedAt: Date | null }>(
    'SELECT stated_at AS statedAt FROM draw WHERE sid = ? FOR UPDATE',
    [sid],
  );
  if (draws.some(({ statedAt }) => statedAt !== null)) return false;
  await transaction.change('DELETE FROM draw WHERE sid = ?', [sid]);
  return (await transaction.rows('SELECT entry_id FROM entry WHERE sid = ? LIMIT 1', [sid])).length === 0;
}
