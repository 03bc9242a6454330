import type { Knex } from 'knex';
import { ROLL_BACK, useTransaction } from '../../db/mysql/use-session.ts';
import { readStocks, takeUnits } from '../../db/stocks/stock-table.ts';
import { insertLadderOrder, type LadderResult } from './insert-ladder-order.ts';

/** Way 3: reads without a lock, and sells only if the version is still the one it read. A lost race fails at once. */
export async function createOptimisticOrder(mysql: Knex, statementMs: number, sid: number): Promise<LadderResult> {
  const result = await useTransaction<LadderResult>(mysql, statementMs, async (session) => {
    const [stock] = await readStocks(session, [sid]);
    if (stock?.kind !== 'ladder') return { outcome: 'NO_STOCK' };
    if (stock.sale >= stock.count) return { outcome: 'NONE_LEFT' };
    if (!(await takeUnits(session, sid, stock.version, 1))) return ROLL_BACK;
    return insertLadderOrder(session, stock);
  });
  return result === ROLL_BACK ? { outcome: 'LOST_RACE' } : result;
}
