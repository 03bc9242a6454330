import { createDraw } from '../../db/draws/create-draw.ts';
import type { Database } from '../../db/mysql/database.ts';
import type { NewStock } from '../../db/stocks/stock-table.ts';
import { createStock } from '../command/create-stock.ts';

const DAY_MS = 86_400_000;

/** Inserts a stock of mode `draw` that takes entries for half a day, and whose sale opens tomorrow, so that no offers are made. */
export async function createDrawStock(
  database: Database,
  drawKey: string,
  stock: Pick<NewStock, 'name' | 'count'> & Partial<NewStock>,
): Promise<number> {
  const nowMs = Date.now();
  const sid = await createStock(database, { ...stock, opensAtMs: nowMs + DAY_MS });
  await database.session(async (session) => {
    await session.change(`UPDATE stock SET mode = 'draw', offers_only = TRUE WHERE id = ?`, [sid]);
    const times = { entriesOpenAtMs: nowMs - 60_000, entriesCloseAtMs: nowMs + DAY_MS / 2 };
    await createDraw(session, { sid, count: stock.count, ...times, beacon: null, drawKey });
  });
  return sid;
}
