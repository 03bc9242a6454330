import { randomUUID } from 'node:crypto';
import { type Clock, pause, withDeadline } from '../../proto/process/clock.ts';
import type { Fresh } from '../../proto/process/fresh-cache.ts';
import { REDIS_DEADLINE_MS, type RedisClient } from '../redis/connect-redis.ts';
import type { Stock } from './stock-table.ts';

/** The time that a stock read is fresh, counted from the start of the database read. */
export const STOCK_FRESH_MS = 1000;

/** The maximum time that one process loads a stock for all processes. The cache refuses what it puts later. */
export const LOADING_MAX_MS = 300;
const POLL_MS = 20;

/** The shared cache of stock reads. When a call rejects, the stock is read from MySQL. */
export type StockCache = {
  /** Undefined: not in the cache. A null value: there is no such stock. */
  get(sid: number): Promise<Fresh<Stock | null> | undefined>;
  /** Claims the loading of a stock. Resolves with the loader's id for `put`; null: another process loads it. */
  startLoading(sid: number): Promise<string | null>;
  /** False: it came too late and was not stored. */
  put(sid: number, loader: string, stock: Stock | null, freshForMs: number): Promise<boolean>;
};

/** A stock in the cache. `cachedForMs`: its initial expiry time. Entries of earlier releases lack the other optional fields. */
type CachedStock = Omit<Stock, LaterField> & Partial<Pick<Stock, LaterField>> & { cachedForMs?: number };
type LaterField = 'maxPerOrder' | 'mode' | 'offersOnly';

export function createStockCache(clock: Clock, redis: RedisClient): StockCache {
  const soon = <T>(work: Promise<T>) => withDeadline(clock, REDIS_DEADLINE_MS, 'Redis', work);
  return {
    async get(sid) {
      const key = redis.names.stock(sid);
      // In this order: if a newer entry is put between the commands, the older entry's remaining time limits the freshness, and the
      // newer entry's remaining time limits the age.
      const commands = [redis.pTTL(key), redis.get(key), redis.pTTL(key)] as const;
      const [leftBeforeMs, text, leftAfterMs] = await soon(Promise.all(commands));
      if (text === null || leftBeforeMs <= 0) return undefined;
      const cached = JSON.parse(text) as CachedStock | null;
      const freshForMs = Math.min(leftBeforeMs, STOCK_FRESH_MS);
      if (!cached) return { value: null, freshForMs, heldMs: 0 };
      const { cachedForMs = 0, maxPerOrder = 1, mode = 'rush', offersOnly = false, ...rest } = cached;
      const value = { ...rest, maxPerOrder, mode, offersOnly };
      return { value, freshForMs, heldMs: leftAfterMs < 0 ? 0 : Math.max(0, cachedForMs - leftAfterMs) };
    },
    async startLoading(sid) {
      const loader = randomUUID();
      const expiration = { type: 'PX', value: LOADING_MAX_MS } as const;
      const reply = await soon(redis.set(redis.names.stockLoading(sid), loader, { condition: 'NX', expiration }));
      return reply === 'OK' ? loader : null;
    },
    async put(sid, loader, stock, freshForMs) {
      const cached: CachedStock | null = stock && { ...stock, cachedForMs: freshForMs };
      const values = [loader, JSON.stringify(cached), String(freshForMs)];
      return (await soon(redis.putLoaded(redis.names.stock(sid), redis.names.stockLoading(sid), ...values))) === 1;
    },
  };
}

/**
 * Cache-aside: reads the cache, otherwise one process at a time reads MySQL; without the cache every process does. Resolves with null
 * for a stock that does not exist.
 */
export async function loadStock(
  clock: Clock,
  cache: StockCache,
  readFromMysql: (sid: number) => Promise<Stock | null>,
  sid: number,
): Promise<Fresh<Stock | null>> {
  const found = await readOrClaim(clock, cache, sid).catch(() => NO_LOADER);
  if ('value' in found) return found;
  const startedMs = clock.nowMs();
  const value = await readFromMysql(sid);
  const freshForMs = Math.floor(STOCK_FRESH_MS - (clock.nowMs() - startedMs));
  if (found.loader !== null && freshForMs > 0) cache.put(sid, found.loader, value, freshForMs).catch(() => undefined);
  return { value, freshForMs: Math.max(0, freshForMs), heldMs: 0 };
}

/** The id under which this process loads a stock; null: it reads for itself only. */
type Loading = { loader: string | null };
const NO_LOADER: Loading = { loader: null };

/** The cached read, also after a wait for another process to load it; otherwise this process's claim, or none after too long a wait. */
async function readOrClaim(clock: Clock, cache: StockCache, sid: number): Promise<Fresh<Stock | null> | Loading> {
  const untilMs = clock.nowMs() + LOADING_MAX_MS;
  for (;;) {
    const held = await cache.get(sid);
    if (held) return held;
    const loader = await cache.startLoading(sid);
    if (loader !== null) return { loader };
    if (clock.nowMs() >= untilMs) return NO_LOADER;
    await pause(clock, POLL_MS);
  }
}

/**
 * A lower bound of the database's current time, in milliseconds since 1970 (UTC): the NOW in the row plus the time since the answer
 * arrived. The duration of the read does not count, so a slow read never makes the bound too high.
 */
export function databaseNowMs({ value, heldMs }: Pick<Fresh<Stock>, 'value' | 'heldMs'>): number {
  return Math.floor(value.readAtMs + heldMs);
}
