import { LRUCache } from 'lru-cache';
import { REDIS_DEADLINE_MS, type RedisClient } from '../../db/redis/connect-redis.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';

/** Tokens per second, and the most that are held. */
export type Limit = { rate: number; burst: number };

export type LimitAnswer = {
  /** 0: go on. Else the milliseconds until it is worth trying again. */
  waitMs: number;
  headers: Record<string, string>;
};

export type OrderLimits = {
  /** This process's own limit; costs no call. Milliseconds to wait, 0: go on. */
  takeOfProcess(): number;
  /** The buyer's and the stock's limit, shared by all consumers; the buyer's alone, of this process, while Redis is away. */
  take(sid: number, buyer: string): Promise<LimitAnswer>;
};

const BUYERS_IN_MEMORY = 50_000;
/** Orders of one moment ask Redis together: a call of its own for each took a seventh of a consumer's time. */
const BATCH = 500;
const CALLS_OUT = 4;
const MAX_WAITING = 20_000;

type Asked = { sid: number; key: string; limit: Limit };
/** `refused`: 1 the buyer's bucket is empty, 2 the stock's, 0 neither. */
type Taken = { refused: number; waitMs: number; left: number };

type Bucket = { tokens: number; atMs: number };

/** Takes a token from a bucket in memory; the milliseconds to wait, 0 when there was one. */
export function takeToken(bucket: Bucket, { rate, burst }: Limit, nowMs: number): number {
  bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) * rate) / 1000);
  bucket.atMs = nowMs;
  if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1000) / rate);
  bucket.tokens -= 1;
  return 0;
}

export function createOrderLimits(clock: Clock, redis: RedisClient, config: ConsumerConfig): OrderLimits {
  const process = { rate: config.PROCESS_RATE, burst: config.PROCESS_BURST };
  const stock = { rate: config.STOCK_RATE, burst: config.STOCK_BURST };
  const order = { rate: config.BUYER_RATE, burst: config.BUYER_BURST };
  const processBucket = { tokens: process.burst, atMs: clock.nowMs() };
  const buyers = new LRUCache<string, Bucket>({ max: BUYERS_IN_MEMORY });

  function takeHere(key: string, limit: Limit): Taken {
    let bucket = buyers.get(key);
    if (!bucket) {
      bucket = { tokens: limit.burst, atMs: clock.nowMs() };
      buyers.set(key, bucket);
    }
    const waitMs = takeToken(bucket, limit, clock.nowMs());
    return { refused: waitMs > 0 ? 1 : 0, waitMs, left: Math.floor(bucket.tokens) };
  }

  /** The orders of one stock, in one call. */
  async function takeOfStock(sid: number, asked: Asked[]): Promise<Taken[]> {
    const keys = [redis.names.stockBucket(sid), ...asked.map(({ key }) => key)];
    const limits = [stock, ...asked.map(({ limit }) => limit)].flatMap(({ rate, burst }) => [`${rate}`, `${burst}`]);
    try {
      const call = redis.takeTokens(keys, limits);
      const numbers = await withDeadline(clock, REDIS_DEADLINE_MS, 'limiter', call);
      return asked.map((_, i) => {
        const [refused = 0, waitMs = 0, left = 0] = numbers.slice(3 * i, 3 * i + 3);
        return { refused, waitMs, left };
      });
    } catch {
      return asked.map(({ key, limit }) => takeHere(key, limit));
    }
  }

  const takeShared = createBatcher<Asked, Taken>({
    clock,
    async send(asked) {
      const taken = new Map<Asked, Taken>();
      const calls = [...Map.groupBy(asked, ({ sid }) => sid)].map(async ([sid, group]) => {
        const answers = await takeOfStock(sid, group);
        for (const [i, one] of group.entries()) taken.set(one, answers[i] as Taken);
      });
      await Promise.all(calls);
      return asked.map((one) => taken.get(one) as Taken);
    },
    maxBatch: BATCH,
    maxInFlight: CALLS_OUT,
    maxWaiting: MAX_WAITING,
  });

  return {
    takeOfProcess: () => takeToken(processBucket, process, clock.nowMs()),
    async take(sid, buyer) {
      const asked = { sid, key: redis.names.buyerBucket(sid, buyer), limit: order };
      const { refused, waitMs, left } = await takeShared(asked).catch(() => takeHere(asked.key, order));
      const headers = refused === 2 ? describeLimit('stock', stock, 0) : describeLimit('orders', order, left);
      return { waitMs, headers };
    },
  };
}

/** As the IETF draft on RateLimit header fields says: `w` is the time in which an empty bucket fills. */
function describeLimit(name: string, { rate, burst }: Limit, left: number): Record<string, string> {
  const windowSeconds = Math.max(1, Math.ceil(burst / rate));
  return {
    'ratelimit-policy': `"${name}";q=${burst};w=${windowSeconds}`,
    ratelimit: `"${name}";r=${left};t=${Math.max(1, Math.ceil((burst - left) / rate))}`,
  };
}
