import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import type { NewStock } from '../../../db/stocks/stock-table.ts';
import { createTestStock } from './create-test-stock.ts';

/** A stock whose draw is drawn: the buyers have the places 1, 2, … */
export async function createDrawnStock(mysql: Knex, buyers: string[], stock: Partial<NewStock> = {}): Promise<number> {
  const sid = await createTestStock(mysql, { count: 1, mode: 'draw', ...stock });
  await mysql.raw(
    `INSERT INTO draw (sid, attempt, draw_id, rules, seed, state, entries_open_at, entries_close_at, drawn_at, last_place)
     VALUES (?, 1, ?, '', ?, 'drawn', NOW(3), NOW(3), NOW(3), ?)`,
    [sid, randomBytes(32), randomBytes(32), buyers.length],
  );
  for (const [i, buyer] of buyers.entries()) {
    await mysql.raw(`INSERT INTO entry (sid, entry_id, attempt, buyer, salt, place) VALUES (?, ?, 1, ?, '', ?)`, [
      ...[sid, randomBytes(32), buyer, i + 1],
    ]);
  }
  return sid;
}
