import type { RedisSettings } from './redis-settings.ts';

/**
 * The name of every key and channel of one system in Redis. All begin with the system's prefix. All keys of a stock carry the tag
 * {stock:ID}, of a buyer {buyer:NAME}, and all of experiments {experiments}, so that a cluster keeps them on one node.
 */
export function createRedisNames({ REDIS_URL, REDIS_PREFIX: prefix }: RedisSettings) {
  const ofStock = (sid: number, what: string) => `${prefix}{stock:${sid}}:${what}`;
  const ofBuyer = (buyer: string, what: string) => `${prefix}{buyer:${buyer}}:${what}`;
  const ofExperiments = (what: string) => `${prefix}{experiments}:${what}`;
  // Channels are common to all databases of a Redis.
  const database = databaseOf(REDIS_URL);
  return {
    /** JSON of the stock as MySQL had it less than 1 s ago, or `null` when there is none. */
    stock: (sid: number) => ofStock(sid, 'row'),
    /** Held by the one process that loads the stock. */
    stockLoading: (sid: number) => ofStock(sid, 'loading'),
    /** Hash count, sale, version: what the ladder's Redis way reads. */
    ladderCounters: (sid: number) => ofStock(sid, 'counters'),
    /** Token bucket of the ladder's limiter. */
    ladderBucket: (sid: number) => ofStock(sid, 'ladder-bucket'),
    /** Token bucket of one buyer's orders. */
    buyerBucket: (sid: number, buyer: string) => ofStock(sid, `orders-of:${buyer}`),
    /** Token bucket of all orders. */
    stockBucket: (sid: number) => ofStock(sid, 'orders'),
    /** Requests per second of the ladder's limiter, where it differs from the consumers' setting. */
    ladderLimit: (sid: number) => ofStock(sid, 'ladder-limit'),
    /** Token bucket of one buyer's calls other than orders. */
    callBucket: (buyer: string) => ofBuyer(buyer, 'calls'),
    /** Calls per second of one buyer, where they differ from the consumers' setting. */
    callLimit: (buyer: string) => ofBuyer(buyer, 'call-limit'),
    /** Name of the process that runs experiments; gone some seconds after it. */
    experimentRunner: ofExperiments('runner'),
    /** Id of the experiment that is wished for or runs; gone some seconds after its runner. */
    experimentRunning: ofExperiments('running'),
    /** JSON of the ids of those kept, newest first. */
    experimentIds: ofExperiments('ids'),
    /** JSON of one. */
    experiment: (experimentId: string) => ofExperiments(`one:${experimentId}`),

    /** Channel on which the consumer of that name hears decisions. */
    decisionsChannel: (consumer: string) => `${prefix}decisions:${consumer}`,
    /** Channel on which every consumer is asked when it heard of an order. */
    deliveryRequestsChannel: `${prefix}told-asked`,
    /** Channel on which the consumer of that name hears the answers. */
    deliveredChannel: (consumer: string) => `${prefix}told:${consumer}`,
    /** Channel on which every consumer hears of stocks whose units have changed. */
    stockUnitsChannel: `${prefix}stock-units${database === '0' ? '' : `:${database}`}`,
    /** Channel on which every consumer hears what the processes count, once a second. */
    liveChannel: `${prefix}live:${database}`,
    /** Channel on which every consumer hears how experiments get on. */
    experimentsChannel: `${prefix}experiments:${database}`,
  };
}

export type RedisNames = ReturnType<typeof createRedisNames>;

function databaseOf(redisUrl: string): string {
  return /\/(\d+)$/.exec(redisUrl.split(',')[0] ?? '')?.[1] ?? '0';
}
