import type { Database } from '../../../db/mysql/database.ts';
import type { RedisClient } from '../../../db/redis/connect-redis.ts';
import { insertStock, type StockKind } from '../../../db/stocks/stock-table.ts';
import { strategies } from '../ladder/strategies.ts';
import type { BenchStocks } from './scenarios.ts';

const PLENTY = 100_000_000;
const FIRST_SID = 1_000_001;
const LIMIT_SECONDS = 7200;

/** One stock with units to spare, one without, and one for each of the classic ways, whose limiter lets everybody through. */
export async function makeStocks(database: Database, redis: RedisClient): Promise<BenchStocks> {
  let next = FIRST_SID;
  const make = async (name: string, kind: StockKind, count: number): Promise<number> => {
    const sid = next++;
    const rest = { currency: 'CNY', priceCents: 1999, opensAtMs: null, closesAtMs: null, paused: false };
    const made = await database.session((s) => insertStock(s, { sid, name, kind, count, ...rest }));
    if (!made) throw new Error(`stock ${sid} is there already`);
    return sid;
  };
  const plenty = await make('Plenty', 'sale', PLENTY);
  const none = await make('None', 'sale', 0);
  const ladder = new Map<string, number>();
  for (const { rung } of strategies) {
    const sid = await make(`ladder: ${rung}`, 'ladder', PLENTY);
    await redis.set(redis.names.ladderLimit(sid), '1000000', { expiration: { type: 'EX', value: LIMIT_SECONDS } });
    ladder.set(rung, sid);
  }
  return { plenty, none, ladder };
}
