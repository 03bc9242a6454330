import { randomUUID } from 'node:crypto';
import { type Clock, pause, withDeadline } from '../../proto/process/clock.ts';
import type { Fresh } from '../../proto/process/fresh-cache.ts';
import { REDIS_DEADLINE_MS, type RedisClient } from '../redis/connect-redis.ts';
import type { Stock } from './stock-table.ts';

/** How long a stock read may be shown or decided by, from the start of the database read that it came from. */
export const STOCK_FRESH_MS = 1000;

/** So long one process may take to load a stock for all; what it puts into the cache later is not taken. */
export const LOADING_MAX_MS = 300;
const POLL_MS = 20;

/** The shared cache of stock reads. Every call may reject: the cache is then gone, and MySQL answers. */
export type StockCache = {
  /** Undefined: not there. A null value: there is no such stock. */
  get(sid: number): Promise<Fresh<Stock | null> | undefined>;
  /** The one caller that is to load this stock now gets what `put` asks for; null: somebody else does. */
  startLoading(sid: number): Promise<string | null>;
  /** False: it came too late, and was not kept. */
  put(sid: number, loader: string, stock: Stock | null, freshForMs: number): Promise<boolean>;
};

/** A stock in the cache. `cachedForMs`: its whole time there; entries of earlier releases have none. */
type CachedStock = Stock & { cachedForMs?: number };

export function createStockCache(clock: Clock, redis: RedisClient): StockCache {
  const soon = <T>(work: Promise<T>) => withDeadline(clock, REDIS_DEADLINE_MS, 'Redis', work);
  return {
    async get(sid) {
      const key = redis.names.stock(sid);
      // In this sequence: where a newer entry is put between the commands, the older one's time left bounds its freshness, and the newer
      // one's time left bounds how long ago the database answered.
      const commands = [redis.pTTL(key), redis.get(key), redis.pTTL(key)] as const;
      const [leftBeforeMs, text, leftAfterMs] = await soon(Promise.all(commands));
      if (text === null || leftBeforeMs <= 0) return undefined;
      const cached = JSON.parse(text) as CachedStock | null;
      const freshForMs = Math.min(leftBeforeMs, STOCK_FRESH_MS);
      if (!cached) return { value: null, freshForMs, heldMs: 0 };
      const { cachedForMs = 0, ...value } = cached;
      return { value, freshForMs, heldMs: leftAfterMs < 0 ? 0 : Math.max(0, cachedForMs - leftAfterMs) };
    },
    async startLoading(sid) {
      const loader = randomUUID();
      const expiration = { type: 'PX', value: LOADING_MAX_MS } as const;
      const said = await soon(redis.set(redis.names.stockLoading(sid), loader, { condition: 'NX', expiration }));
      return said === 'OK' ? loader : null;
    },
    async put(sid, loader, stock, freshForMs) {
      const cached: CachedStock | null = stock && { ...stock, cachedForMs: freshForMs };
      const values = [loader, JSON.stringify(cached), String(freshForMs)];
      return (await soon(redis.putLoaded(redis.names.stock(sid), redis.names.stockLoading(sid), ...values))) === 1;
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
  const found = await cachedOrOurs(clock, cache, sid).catch(() => NOBODY);
  if ('value' in found) return found;
  const startedMs = clock.nowMs();
  const value = await readFromMysql(sid);
  const freshForMs = Math.floor(STOCK_FRESH_MS - (clock.nowMs() - startedMs));
  if (found.loader !== null && freshForMs > 0) cache.put(sid, found.loader, value, freshForMs).catch(() => undefined);
  return { value, freshForMs: Math.max(0, freshForMs), heldMs: 0 };
}

/** Who loads a stock now; null: nobody, for all. */
type Loading = { loader: string | null };
const NOBODY: Loading = { loader: null };

/** What the cache holds, at the latest when another process has loaded it; or the loader that we are, or nobody when it took too long. */
async function cachedOrOurs(clock: Clock, cache: StockCache, sid: number): Promise<Fresh<Stock | null> | Loading> {
  const untilMs = clock.nowMs() + LOADING_MAX_MS;
  for (;;) {
    const held = await cache.get(sid);
    if (held) return held;
    const loader = await cache.startLoading(sid);
    if (loader !== null) return { loader };
    if (clock.nowMs() >= untilMs) return NOBODY;
    await pause(clock, POLL_MS);
  }
}

/**
 * A lower bound of the database's clock now, in milliseconds since 1970 (UTC): the row's own NOW and the time since it came here. What
 * passed before the answer came does not count, so a slow read never makes the clock run ahead.
 */
export function databaseNowMs({ value, heldMs }: Pick<Fresh<Stock>, 'value' | 'heldMs'>): number {
  return Math.floor(value.readAtMs + heldMs);
}
