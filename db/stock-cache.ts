import { type Clock, pause, withDeadline } from '../proto/clock.ts';
import type { Fresh } from '../proto/keep-fresh.ts';
import { REDIS_DEADLINE_MS, type RedisClient } from './connect-redis.ts';
import { redisKeys } from './redis-keys.ts';
import type { Stock } from './stock-table.ts';

/** How long a stock read may be shown or decided by, from the start of the database read that it came from. */
export const STOCK_FRESH_MS = 1000;

const LOADING_MAX_MS = 300;
const POLL_MS = 20;

/** The shared cache of stock reads. Every call may reject: the cache is then gone, and MySQL answers. */
export type StockCache = {
  /** Undefined: not there. A null value: there is no such stock. */
  get(sid: number): Promise<Fresh<Stock | null> | undefined>;
  put(sid: number, stock: Stock | null, freshForMs: number): Promise<void>;
  /** True for the one caller that is to load this stock now. */
  startLoading(sid: number): Promise<boolean>;
};

export function redisStockCache(clock: Clock, redis: RedisClient): StockCache {
  const soon = <T>(work: Promise<T>) => withDeadline(clock, REDIS_DEADLINE_MS, 'Redis', work);
  return {
    async get(sid) {
      const key = redisKeys.stock(sid);
      // In this sequence: where somebody puts a newer one between the two, its text has the older one's time, and not the other way round.
      const [ttlMs, text] = await soon(Promise.all([redis.pTTL(key), redis.get(key)]));
      if (text === null || ttlMs <= 0) return undefined;
      return { value: JSON.parse(text) as Stock | null, freshForMs: ttlMs };
    },
    async put(sid, stock, freshForMs) {
      await soon(
        redis.set(redisKeys.stock(sid), JSON.stringify(stock), { expiration: { type: 'PX', value: freshForMs } }),
      );
    },
    async startLoading(sid) {
      const expiration = { type: 'PX', value: LOADING_MAX_MS } as const;
      return (await soon(redis.set(redisKeys.stockLoading(sid), '1', { condition: 'NX', expiration }))) === 'OK';
    },
  };
}

/**
 * Cache-aside: the cache, or else MySQL by one process at a time, or MySQL by everybody when the cache is gone. Resolves with
 * null for a stock that does not exist.
 */
export async function loadStock(
  clock: Clock,
  cache: StockCache,
  readFromMysql: (sid: number) => Promise<Stock | null>,
  sid: number,
): Promise<Fresh<Stock | null>> {
  const held = await cachedOrOurs(clock, cache, sid).catch(() => undefined);
  if (held) return held;
  const startedMs = clock.nowMs();
  const value = await readFromMysql(sid);
  const freshForMs = Math.floor(STOCK_FRESH_MS - (clock.nowMs() - startedMs));
  if (freshForMs > 0) cache.put(sid, value, freshForMs).catch(() => undefined);
  return { value, freshForMs: Math.max(0, freshForMs) };
}

/** What the cache holds, at the latest when another process has loaded it; undefined: it is for us to load. */
async function cachedOrOurs(clock: Clock, cache: StockCache, sid: number): Promise<Fresh<Stock | null> | undefined> {
  const untilMs = clock.nowMs() + LOADING_MAX_MS;
  for (;;) {
    const held = await cache.get(sid);
    if (held) return held;
    if (await cache.startLoading(sid)) return undefined;
    if (clock.nowMs() >= untilMs) return undefined;
    await pause(clock, POLL_MS);
  }
}

/** The database's clock now, told from a read of less than a second ago. */
export function databaseNowMs({ value, freshForMs }: Fresh<Stock>): number {
  return value.readAtMs + STOCK_FRESH_MS - freshForMs;
}
