import type { Knex } from 'knex';
import { createDatabase } from '../../../db/mysql/database.ts';

export type StockAudit = {
  count: number;
  sale: number;
  version: number;
  /** Active orders. */
  live: number;
  /** Rows by state. */
  states: Record<string, number>;
  /** Buyers with more than one active order. */
  greedy: number;
};

/** Reads a stock's row and counts its orders. */
export function auditStock(mysql: Knex, sid: number): Promise<StockAudit> {
  return createDatabase({ mysql, statementMs: 5000 }).session(async (session) => {
    const [stock] = await session.rows<{ count: number; sale: number; version: number }>(
      'SELECT count, sale, version FROM stock WHERE id = ?',
      [sid],
    );
    if (!stock) throw new Error(`there is no stock ${sid}`);
    const states = await session.rows<{ state: string; n: number }>(
      'SELECT state, COUNT(*) AS n FROM stock_order WHERE sid = ? GROUP BY state',
      [sid],
    );
    const greedy = await session.rows(
      'SELECT buyer FROM stock_order WHERE sid = ? AND live = 1 GROUP BY buyer HAVING COUNT(*) > 1',
      [sid],
    );
    const [live] = await session.rows<{ n: number }>(
      'SELECT COUNT(*) AS n FROM stock_order WHERE sid = ? AND live = 1',
      [sid],
    );
    return {
      ...stock,
      live: live?.n ?? 0,
      states: Object.fromEntries(states.map(({ state, n }) => [state, n])),
      greedy: greedy.length,
    };
  });
}
