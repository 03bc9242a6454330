import type { Knex } from 'knex';
import { createDraw, type NewDraw } from '../../../db/draws/create-draw.ts';
import type { StockMode } from '../../../db/draws/draw-table.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import type { NewStock } from '../../../db/stocks/stock-table.ts';
import { createTestStock } from '../orders/create-test-stock.ts';

/** The DRAW_KEY of tests. */
export const TEST_DRAW_KEY = '5e'.repeat(32);

export type TestDraw = Partial<NewDraw> & { mode?: StockMode; stock?: Partial<NewStock> };

/** Inserts a stock that goes to offers, and its draw, which takes entries for an hour. Returns the stock's id. */
export async function createTestDraw(mysql: Knex, draw: TestDraw = {}): Promise<number> {
  const { mode = 'draw', stock = {}, count = 10, entriesOpenAtMs, entriesCloseAtMs, beacon = null } = draw;
  const sid = await createTestStock(mysql, { count, ...stock });
  await mysql.raw('UPDATE stock SET mode = ?, offers_only = TRUE WHERE id = ?', [mode, sid]);
  await createDatabase({ mysql, statementMs: 5000 }).session((session) =>
    createDraw(session, {
      sid,
      count,
      entriesOpenAtMs: entriesOpenAtMs ?? Date.now() - 60_000,
      entriesCloseAtMs: entriesCloseAtMs ?? Date.now() + 3_600_000,
      beacon,
      drawKey: TEST_DRAW_KEY,
    }),
  );
  return sid;
}
