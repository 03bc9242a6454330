import type { Knex } from 'knex';
import { useSession } from '../../../../db/mysql/use-session.ts';
import { insertStock } from '../../../../db/stocks/stock-table.ts';

const STATEMENT_MS = 5000;

/** A stock that is open at once. */
export async function createFaultStock(mysql: Knex, sid: number, name: string, count: number): Promise<void> {
  const times = { opensAtMs: null, closesAtMs: null, paused: false };
  const stock = { sid, name, count, kind: 'sale', currency: 'CNY', priceCents: 1999 } as const;
  await useSession(mysql, STATEMENT_MS, (session) => insertStock(session, { ...stock, ...times }));
}
