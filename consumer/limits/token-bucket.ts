import { LRUCache } from 'lru-cache';
import type { Clock } from '../../proto/process/clock.ts';

const MAX_KEYS_IN_MEMORY = 50_000;

/** Tokens per second, and the maximum number of tokens. */
export type Limit = { rate: number; burst: number };

type Bucket = { tokens: number; atMs: number };

/** Takes a token from a bucket in memory. Returns the milliseconds to wait, 0 when a token was taken. */
export function takeToken(bucket: Bucket, { rate, burst }: Limit, nowMs: number): number {
  bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) * rate) / 1000);
  bucket.atMs = nowMs;
  if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1000) / rate);
  bucket.tokens -= 1;
  return 0;
}

/** Buckets in memory, one per key. `take` returns the milliseconds to wait, 0 when a token was taken, and the tokens that are left. */
export function createTokenBuckets(clock: Clock, limit: Limit) {
  const buckets = new LRUCache<string, Bucket>({ max: MAX_KEYS_IN_MEMORY });
  return {
    take(key: string): { waitMs: number; left: number } {
      let bucket = buckets.get(key);
      if (!bucket) {
        bucket = { tokens: limit.burst, atMs: clock.nowMs() };
        buckets.set(key, bucket);
      }
      const waitMs = takeToken(bucket, limit, clock.nowMs());
      return { waitMs, left: Math.floor(bucket.tokens) };
    },
  };
}
