import type { Database } from '../../db/mysql/database.ts';
import type { RedisClient } from '../../db/redis/connect-redis.ts';
import { publishUnits } from '../../db/stocks/publish-units.ts';
import { createStockCache, loadStock } from '../../db/stocks/stock-cache.ts';
import { readStocks, type Stock } from '../../db/stocks/stock-table.ts';
import type { LagReader, RecordsByPartition } from '../../proto/kafka/kafka.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { createFreshCache, type Fresh } from '../../proto/process/fresh-cache.ts';
import type { SecretKey } from '../../proto/settings/secret-keys.ts';
import { createDirectDecider, type DirectOptions } from './direct-decider.ts';
import { type AppendOptions, createOrderAppender, type OrderRecordToAppend } from './order-appender.ts';
import { createPendingCounter } from './pending-counter.ts';
import type { PlaceDependencies } from './place-orders.ts';

export type OrderPathOptions = {
  clock: Clock;
  random(): number;
  database: Database;
  redis: RedisClient;
  /** Puts records on the log; resolves with the offset of each partition's first. A rejection says nothing. */
  append(records: RecordsByPartition): Promise<Map<number, bigint>>;
  /** Signs the records. */
  recordKey: SecretKey;
  readLag: LagReader['read'];
  appendDeadlineMs: number;
  directDeadlineMs: number;
  payWithinMs: number;
  /** Most stock reads remembered. */
  maxStocks: number;
  onBreaker: AppendOptions['onBreaker'];
  onBatch?: PlaceDependencies['onBatch'];
  onCommitted?: DirectOptions['onCommitted'];
};

export type OrderPath = {
  readStock(sid: number): Fresh<Stock | null> | Promise<Fresh<Stock | null>>;
  place: PlaceDependencies;
  close(): void;
};

const UNDECIDED_EVERY_MS = 500;

/** What a provider does for orders, from its connections: reads stocks, appends to the log, decides without it. */
export function createOrderPath(parts: OrderPathOptions): OrderPath {
  const { clock, random, database, redis, append, recordKey, payWithinMs, onBatch } = parts;
  const readFromMysql = (sid: number) =>
    database.session(async (session) => (await readStocks(session, [sid]))[0] ?? null);
  const cache = createStockCache(clock, redis);
  const stocks = createFreshCache(clock, parts.maxStocks, (sid: number) => loadStock(clock, cache, readFromMysql, sid));
  const undecided = createPendingCounter({ clock, readLag: parts.readLag, everyMs: UNDECIDED_EVERY_MS });
  const appendOrders = createOrderAppender({
    clock,
    async append(groups) {
      const keyed = (group: OrderRecordToAppend[]) => group.map(({ sid, value }) => ({ key: String(sid), value }));
      const offsets = await append(new Map([...groups].map(([partition, group]) => [partition, keyed(group)])));
      for (const [partition, group] of groups) {
        const sids = group.map(({ sid }) => sid);
        undecided.add(partition, sids, offsets.get(partition) ?? -1n);
      }
    },
    deadlineMs: parts.appendDeadlineMs,
    onBreaker: parts.onBreaker,
  });
  const decideDirectly = createDirectDecider({
    clock,
    random,
    payWithinMs,
    database,
    deadlineMs: parts.directDeadlineMs,
    onUnits: (units) => publishUnits(redis, units),
    onCommitted: parts.onCommitted,
  });
  const pendingOf = (sid: number) => undecided.estimate(sid, partitionOf(sid));
  return {
    readStock: stocks.read,
    place: { clock, stocks, recordKey, pendingOf, appendOrders, decideDirectly, ...(onBatch && { onBatch }) },
    close: () => undecided.close(),
  };
}
