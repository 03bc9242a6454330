import type { Database } from '../../db/mysql/database.ts';
import { readStocks } from '../../db/stocks/stock-table.ts';
import { takeUnits } from '../../db/stocks/take-units.ts';
import { insertLadderOrder, type LadderResult } from './insert-ladder-order.ts';

/** Strategy 3: reads without a lock, and sells only if the version has not changed. A lost race fails at once. */
export async function createOptimisticOrder(database: Database, sid: number): Promise<LadderResult> {
  return database.transaction<LadderResult>(async (transaction) => {
    const [stock] = await readStocks(transaction, [sid]);
    if (stock?.kind !== 'ladder') return { outcome: 'NO_STOCK' };
    if (stock.sale >= stock.count) return { outcome: 'NONE_LEFT' };
    if (!(await takeUnits(transaction, sid, stock.version, 1))) return transaction.rollBack({ outcome: 'LOST_RACE' });
    return insertLadderOrder(transaction, stock);
  });
}
