import type { Database } from '../../db/mysql/database.ts';
import type { LadderCounters } from '../../db/stocks/ladder-counters.ts';
import { readStocks, type Stock } from '../../db/stocks/stock-table.ts';
import { takeUnits } from '../../db/stocks/take-units.ts';
import { createOptimisticOrder } from './create-optimistic-order.ts';
import { insertLadderOrder, type LadderResult } from './insert-ladder-order.ts';

/** What an order of the ladder needs of a stock. The counters contain neither name nor price. */
type KnownStock = Pick<Stock, 'sid' | 'name' | 'priceCents' | 'kind'>;

/**
 * Strategy 5: like strategy 3, with count, sale and version from Redis, so that reads do not reach MySQL. Increments the counters after the
 * COMMIT. A lost race means that they are stale: they are then loaded from MySQL. Without Redis it is strategy 3.
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
