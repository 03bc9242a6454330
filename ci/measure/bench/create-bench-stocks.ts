import type { Database } from '../../../db/mysql/database.ts';
import type { RedisClient } from '../../../db/redis/connect-redis.ts';
import type { StockKind } from '../../../db/stocks/stock-table.ts';
import { createStock } from '../../command/create-stock.ts';
import { createDrawStock } from '../create-draw-stock.ts';
import { strategies } from '../ladder/strategies.ts';
import type { BenchStocks } from './scenarios.ts';

const MANY_UNITS = 100_000_000;
const FIRST_SID = 1_000_001;
const LIMIT = '1000000';
const LIMIT_SECONDS = 7200;

/** Creates a stock with more units than are ordered, a stock without units, one that takes entries, and one per strategy whose limiter admits all. */
export async function createBenchStocks(database: Database, redis: RedisClient, drawKey: string): Promise<BenchStocks> {
  let next = FIRST_SID;
  const create = (name: string, kind: StockKind, count: number) =>
    createStock(database, { sid: next++, name, kind, count });
  const plenty = await create('Plenty', 'sale', MANY_UNITS);
  const none = await create('None', 'sale', 0);
  const entries = await createDrawStock(database, drawKey, { sid: next++, name: 'Entries', count: 100 });
  const ladder = new Map<string, number>();
  for (const { name } of strategies) {
    const sid = await create(`ladder: ${name}`, 'ladder', MANY_UNITS);
    await redis.set(redis.names.ladderLimit(sid), LIMIT, { expiration: { type: 'EX', value: LIMIT_SECONDS } });
    ladder.set(name, sid);
  }
  return { plenty, none, entries, ladder };
}
