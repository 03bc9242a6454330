import type { Knex } from 'knex';
import { ROLL_BACK, useTransaction } from '../../db/mysql/use-session.ts';
import { readStocks, takeUnits } from '../../db/stocks/stock-table.ts';
import { insertLadderOrder, type LadderResult } from './insert-ladder-order.ts';

/** Way 2: locks the stock's row before it looks. Right, and everybody waits in line for one row. */
export async function createPessimisticOrder(mysql: Knex, statementMs: number, sid: number): Promise<LadderResult> {
  const result = await useTransaction<LadderResult>(mysql, statementMs, async (session) => {
    const [stock] = await readStocks(session, [sid], true);
    if (stock?.kind !== 'ladder') return { outcome: 'NO_STOCK' };
    if (!(await takeUnits(session, sid, stock.version, 1))) return { outcome: 'NONE_LEFT' };
    return insertLadderOrder(session, stock);
  });
  return result === ROLL_BACK ? { outcome: 'NONE_LEFT' } : result;
}
