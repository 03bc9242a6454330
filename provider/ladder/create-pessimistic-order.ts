import type { Database } from '../../db/mysql/database.ts';
import { readStocks } from '../../db/stocks/stock-table.ts';
import { takeUnits } from '../../db/stocks/take-units.ts';
import { insertLadderOrder, type LadderResult } from './insert-ladder-order.ts';

/** Strategy 2: locks the row of the stock before it reads it. Correct, but all orders wait for one row. */
export async function createPessimisticOrder(database: Database, sid: number): Promise<LadderResult> {
  return database.transaction<LadderResult>(async (session) => {
    const [stock] = await readStocks(session, [sid], true);
    if (stock?.kind !== 'ladder') return { outcome: 'NO_STOCK' };
    if (!(await takeUnits(session, sid, stock.version, 1))) return { outcome: 'NONE_LEFT' };
    return insertLadderOrder(session, stock);
  });
}
