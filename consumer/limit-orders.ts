import { LRUCache } from 'lru-cache';
import { REDIS_DEADLINE_MS, type RedisClient } from '../db/connect-redis.ts';
import { redisKeys } from '../db/redis-keys.ts';
import { type Clock, withDeadline } from '../proto/clock.ts';
import type { ConsumerConfig } from './config.ts';

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
  take(sid: number, buyer: string, repeat: boolean): Promise<LimitAnswer>;
};

const BUYERS_IN_MEMORY = 50_000;

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
  const again = { rate: config.REPEAT_RATE, burst: config.REPEAT_BURST };
  const processBucket = { tokens: process.burst, atMs: clock.nowMs() };
  const buyers = new LRUCache<string, Bucket>({ max: BUYERS_IN_MEMORY });

  function takeHere(key: string, limit: Limit): { waitMs: number; left: number } {
    let bucket = buyers.get(key);
    if (!bucket) {
      bucket = { tokens: limit.burst, atMs: clock.nowMs() };
      buyers.set(key, bucket);
    }
    const waitMs = takeToken(bucket, limit, clock.nowMs());
    return { waitMs, left: Math.floor(bucket.tokens) };
  }

  return {
    takeOfProcess: () => takeToken(processBucket, process, clock.nowMs()),
    async take(sid, buyer, repeat) {
      const limit = repeat ? again : order;
      const name = repeat ? 'repeats' : 'orders';
      const buyerKey = redisKeys.buyerBucket(sid, buyer, repeat ? 'repeat' : 'order');
      const limits = [limit.rate, limit.burst, stock.rate, stock.burst].map(String);
      try {
        const call = redis.takeTokens([buyerKey, redisKeys.stockBucket(sid)], limits);
        const [refused = 0, waitMs = 0, left = 0] = await withDeadline(clock, REDIS_DEADLINE_MS, 'limiter', call);
        return {
          waitMs,
          headers: describeLimit(
            refused === 2 ? 'stock' : name,
            refused === 2 ? stock : limit,
            refused === 2 ? 0 : left,
          ),
        };
      } catch {
        const { waitMs, left } = takeHere(buyerKey, limit);
        return { waitMs, headers: describeLimit(name, limit, left) };
      }
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
