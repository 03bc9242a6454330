import type { Database } from '../../../../db/mysql/database.ts';
import { insertStock } from '../../../../db/stocks/stock-table.ts';

/** A stock that is open at once. */
export async function createFaultStock(database: Database, sid: number, name: string, count: number): Promise<void> {
  const times = { opensAtMs: null, closesAtMs: null, paused: false };
  const stock = { sid, name, count, kind: 'sale', currency: 'CNY', priceCents: 1999 } as const;
  await database.session((session) => insertStock(session, { ...stock, ...times }));
}
