import type { Database } from '../../db/mysql/database.ts';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import { publishUnits } from '../../db/stocks/publish-units.ts';
import { createStockCache, loadStock } from '../../db/stocks/stock-cache.ts';
import { readDetailedStocks, type Stock } from '../../db/stocks/stock-table.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { createFreshCache, type Fresh } from '../../proto/process/fresh-cache.ts';
import type { Traces } from '../../proto/traces/traces.ts';
import { createDirectDecider, type DirectDeciderOptions } from './direct-decider.ts';
import { createLogProbe } from './log-probe.ts';
import { type AppenderOptions, createOrderAppender } from './order-appender.ts';
import { createPendingCounter, type PendingCounterOptions } from './pending-counter.ts';
import type { OrderPlacer } from './place-orders.ts';
import type { EncodeRecords } from './record-encoder.ts';

export type OrderPathOptions = {
  clock: Clock;
  random(): number;
  database: Database;
  redis: RedisClient;
  append: AppenderOptions['append'];
  encodeRecords: EncodeRecords;
  takesDetails: boolean;
  readLag: PendingCounterOptions['readLag'];
  appendDeadlineMs: number;
  directDeadlineMs: number;
  payWithinMs: number;
  /** Maximum number of cached stocks. */
  maxStocks: number;
  onAppend: AppenderOptions['onAppend'];
  onBreaker: AppenderOptions['onBreaker'];
  /** Called with each stock that is read; null: there is no such stock. */
  onStock?(stock: Stock | null): void;
  onBatch?: OrderPlacer['onBatch'];
  onCommitted?: DirectDeciderOptions['onCommitted'];
  traces?: Traces | undefined;
};

export type OrderPath = {
  readStock(sid: number): Fresh<Stock | null> | Promise<Fresh<Stock | null>>;
  placer: OrderPlacer;
  close(): void;
};

const READ_LAG_EVERY_MS = 500;

/** Creates what a provider needs to place orders: stock reads, the appender to the log, and the direct decider. */
export function createOrderPath(options: OrderPathOptions): OrderPath {
  const {
    clock,
    random,
    database,
    redis,
    append,
    encodeRecords,
    payWithinMs,
    onBatch,
    onAppend,
    onBreaker,
    onCommitted,
    traces,
  } = options;
  const readFromMysql = (sid: number) =>
    database.session(async (session) => (await readDetailedStocks(session, [sid]))[0] ?? null);
  const cache = createStockCache(clock, redis);
  const stocks = createFreshCache(clock, options.maxStocks, async (sid: number) => {
    const read = await loadStock(clock, cache, readFromMysql, sid);
    options.onStock?.(read.value);
    return read;
  });
  const pending = createPendingCounter({ clock, readLag: options.readLag, everyMs: READ_LAG_EVERY_MS });
  const appender = createOrderAppender({
    clock,
    append,
    pending,
    onAppend,
    onBreaker(partition, isOpen) {
      onBreaker(partition, isOpen);
      if (isOpen) probe.start();
    },
    deadlineMs: options.appendDeadlineMs,
  });
  const probe = createLogProbe({ clock, readLog: options.readLag, breakers: appender.breakers });
  const decider = createDirectDecider({
    clock,
    random,
    payWithinMs,
    onCommitted,
    traces,
    database,
    deadlineMs: options.directDeadlineMs,
    onUnits: (units) => publishUnits(redis, units),
  });
  return {
    readStock: stocks.read,
    placer: { clock, stocks, encodeRecords, takesDetails: options.takesDetails, pending, appender, decider, onBatch },
    close() {
      pending.close();
      probe.close();
    },
  };
}
