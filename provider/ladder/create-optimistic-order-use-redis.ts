import type { Database } from '../../db/mysql/database.ts';
import type { LadderCounters } from '../../db/stocks/ladder-counters.ts';
import { readStocks, type Stock, takeUnits } from '../../db/stocks/stock-table.ts';
import { createOptimisticOrder } from './create-optimistic-order.ts';
import { insertLadderOrder, type LadderResult } from './insert-ladder-order.ts';

/** A stock as far as a ladder order needs it. What it is called and costs is not in the counters. */
type KnownStock = Pick<Stock, 'sid' | 'name' | 'priceCents' | 'kind'>;

/**
 * Way 5: like way 3, but count, sale and version come from Redis, so that the crowd's reads never reach MySQL. After the COMMIT
 * the counters count up; a lost race says that they were stale, and then they are read from MySQL anew. Without Redis it is
 * way 3.
 */
export async function createOptimisticOrderUseRedis(
  database: Database,
  counters: LadderCounters,
  describeStock: (sid: number) => Promise<KnownStock | null>,
  sid: number,
): Promise<LadderResult> {
  const stock = await describeStock(sid);
  if (stock?.kind !== 'ladder') return { outcome: 'NO_STOCK' };
  let seen = await counters.read(sid).catch(() => undefined);
  if (seen === undefined) return createOptimisticOrder(database, sid);
  seen ??= await refresh(database, counters, sid);
  if (!seen) return { outcome: 'NO_STOCK' };
  if (seen.sale >= seen.count) return { outcome: 'NONE_LEFT' };

  const { version } = seen;
  const result = await database.transaction<LadderResult>(async (transaction) => {
    if (!(await takeUnits(transaction, sid, version, 1))) return transaction.rollBack({ outcome: 'LOST_RACE' });
    return insertLadderOrder(transaction, stock);
  });
  if (result.outcome === 'LOST_RACE') await refresh(database, counters, sid);
  else await counters.countUp(sid, version).catch(() => undefined);
  return result;
}

async function refresh(database: Database, counters: LadderCounters, sid: number): Promise<Stock | null> {
  const [stock] = await database.session((session) => readStocks(session, [sid]));
  if (!stock) return null;
  await counters.refresh(stock).catch(() => undefined);
  return stock;
}
