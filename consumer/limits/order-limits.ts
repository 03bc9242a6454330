import { REDIS_DEADLINE_MS, type RedisClient } from '../../db/redis/connect-redis.ts';
import { createCooldowns } from '../../db/redis/cooldowns.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { createTokenBuckets, type Limit, takeToken } from './token-bucket.ts';

export type LimitAnswer = {
  /** 0: allowed. Otherwise the milliseconds until a retry can succeed. */
  waitMs: number;
  headers: Record<string, string>;
  /** Milliseconds for which the buyer is kept out of the stock (COOLDOWN); 0: not kept out. */
  coolingMs: number;
};

export type OrderLimits = {
  /** The limit of this process, without a call. Milliseconds to wait, 0: allowed. */
  takeOfProcess(): number;
  /** The limits of buyer and stock, shared by all consumers. While Redis is away: the buyer's limit only, per process. */
  take(sid: number, buyer: string): Promise<LimitAnswer>;
};

/** Concurrent orders of all stocks share one Redis call: one call per order took a seventh of a consumer's CPU time. */
const BATCHES = { maxBatch: 500, maxInFlight: 4, maxWaiting: 20_000 };

type Asked = { sid: number; key: string };
/** `refused`: 1 the buyer's bucket is empty, 2 the stock's, 0 neither. */
type Taken = { refused: number; waitMs: number; left: number };

/** `onAlone`: called with the number of decisions that were made without Redis. */
export function createOrderLimits(
  clock: Clock,
  redis: RedisClient,
  config: ConsumerConfig,
  onAlone: (decisions: number) => void,
): OrderLimits {
  const process = { rate: config.PROCESS_RATE, burst: config.PROCESS_BURST };
  const stock = { rate: config.STOCK_RATE, burst: config.STOCK_BURST };
  const order = { rate: config.BUYER_RATE, burst: config.BUYER_BURST };
  const processBucket = { tokens: process.burst, atMs: clock.nowMs() };
  const buyers = createTokenBuckets(clock, order);

  /** The buyer's limit alone, of this process. */
  function takeInMemory(key: string): Taken {
    onAlone(1);
    const { waitMs, left } = buyers.take(key);
    return { refused: waitMs > 0 ? 1 : 0, waitMs, left };
  }

  const cooldowns = createCooldowns(clock, redis, config);
  const limits = [stock, order].flatMap(({ rate, burst }) => [`${rate}`, `${burst}`]);

  /** Takes the tokens of these orders in one call. */
  async function takeTogether(asked: Asked[]): Promise<Taken[]> {
    const numberOf = new Map<number, string>();
    for (const { sid } of asked) if (!numberOf.has(sid)) numberOf.set(sid, `${numberOf.size + 1}`);
    const keys = [...numberOf.keys()].map(redis.names.stockBucket);
    const values = [`${keys.length}`, ...limits];
    for (const { sid, key } of asked) {
      keys.push(key);
      values.push(numberOf.get(sid) as string);
    }
    try {
      const numbers = await withDeadline(clock, REDIS_DEADLINE_MS, 'limiter', redis.takeTokens(keys, values));
      return asked.map((_, i) => {
        const [refused = 0, waitMs = 0, left = 0] = [numbers[3 * i], numbers[3 * i + 1], numbers[3 * i + 2]];
        return { refused, waitMs, left };
      });
    } catch {
      return asked.map(({ key }) => takeInMemory(key));
    }
  }

  /** In a cluster the buckets of one stock are on one node, those of several are not. */
  async function takeOfCluster(asked: Asked[]): Promise<Taken[]> {
    const taken = new Map<Asked, Taken>();
    const calls = [...Map.groupBy(asked, ({ sid }) => sid).values()].map(async (group) => {
      const answers = await takeTogether(group);
      for (const [i, item] of group.entries()) taken.set(item, answers[i] as Taken);
    });
    await Promise.all(calls);
    return asked.map((item) => taken.get(item) as Taken);
  }

  const isCluster = config.REDIS_URL.includes(',');
  const send = isCluster ? takeOfCluster : takeTogether;
  const takeShared = createBatcher<Asked, Taken>({ ...BATCHES, clock, send });

  return {
    takeOfProcess: () => takeToken(processBucket, process, clock.nowMs()),
    async take(sid, buyer) {
      const asked = { sid, key: redis.names.buyerBucket(sid, buyer) };
      const cooling = cooldowns?.leftMs(sid, buyer);
      const { refused, waitMs, left } = await takeShared(asked).catch(() => takeInMemory(asked.key));
      const headers = refused === 2 ? describeLimit('stock', stock, 0) : describeLimit('orders', order, left);
      return { waitMs, headers, coolingMs: cooling ? await cooling : 0 };
    },
  };
}

/** The RateLimit header fields of the IETF draft. `w`: seconds until an empty bucket is full. */
function describeLimit(name: string, { rate, burst }: Limit, left: number): Record<string, string> {
  const windowSeconds = Math.max(1, Math.ceil(burst / rate));
  return {
    'ratelimit-policy': `"${name}";q=${burst};w=${windowSeconds}`,
    ratelimit: `"${name}";r=${left};t=${Math.max(1, Math.ceil((burst - left) / rate))}`,
  };
}
