import type { Database } from '../../db/mysql/database.ts';
import { readStocks } from '../../db/stocks/stock-table.ts';
import { insertLadderOrder, type LadderResult } from './insert-ladder-order.ts';

/**
 * Strategy 1, wrong on purpose: reads the units sold, checks them, and writes them back plus one. Other orders read the same number between
 * the read and the write, so one unit is sold many times.
 */
export function createWrongOrder(database: Database, sid: number): Promise<LadderResult> {
  return database.session(async (session) => {
    const [stock] = await readStocks(session, [sid]);
    if (stock?.kind !== 'ladder') return { outcome: 'NO_STOCK' };
    if (stock.sale >= stock.count) return { outcome: 'NONE_LEFT' };
    await session.change('UPDATE stock SET sale = ?, version = version + 1 WHERE id = ?', [stock.sale + 1, sid]);
    return insertLadderOrder(session, stock);
  });
}
