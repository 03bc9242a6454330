import type { RedisSettings } from './redis-settings.ts';

/**
 * The names of all keys and channels of one system in Redis, all with the system's prefix. The keys of a stock have the hash tag
 * {stock:ID}, of a buyer {buyer:NAME}, of experiments {experiments}, of the
 * log {log}, so that a cluster keeps them on one node.
 */
export function createRedisNames({ REDIS_URL, REDIS_PREFIX: prefix }: RedisSettings) {
  const ofStock = (sid: number, what: string) => `${prefix}{stock:${sid}}:${what}`;
  const ofBuyer = (buyer: string, what: string) => `${prefix}{buyer:${buyer}}:${what}`;
  const ofExperiments = (what: string) => `${prefix}{experiments}:${what}`;
  // All databases of a Redis share the channels.
  const database = databaseOf(REDIS_URL);
  return {
    /** JSON of the stock, read from MySQL less than 1 s ago; `null`: there is no such stock. */
    stock: (sid: number) => ofStock(sid, 'row'),
    /** The id of the process that loads the stock. */
    stockLoading: (sid: number) => ofStock(sid, 'loading'),
    /** Hash of count, sale and version, for the ladder's Redis strategy. */
    ladderCounters: (sid: number) => ofStock(sid, 'counters'),
    /** Token bucket of the ladder's limiter. */
    ladderBucket: (sid: number) => ofStock(sid, 'ladder-bucket'),
    /** Token bucket of one buyer's orders. */
    buyerBucket: (sid: number, buyer: string) => ofStock(sid, `orders-of:${buyer}`),
    /** Exists while the buyer is kept out of the stock (cooldowns.ts). */
    cooldown: (sid: number, buyer: string) => ofStock(sid, `cooldown-of:${buyer}`),
    /** Token bucket of all orders. */
    stockBucket: (sid: number) => ofStock(sid, 'orders'),
    /** Requests per second of the ladder's limiter, if different from the consumers' setting. */
    ladderLimit: (sid: number) => ofStock(sid, 'ladder-limit'),
    /** The offset behind the decided orders of a partition, for the providers. */
    decidedOffset: (partition: number) => `${prefix}{log}:decided:${partition}`,
    /** Token bucket of one buyer's calls other than orders. */
    callBucket: (buyer: string) => ofBuyer(buyer, 'calls'),
    /** Calls per second of one buyer, if different from the consumers' setting. */
    callLimit: (buyer: string) => ofBuyer(buyer, 'call-limit'),
    /** Name of the process that runs experiments. Expires some seconds after it ends. */
    experimentRunner: ofExperiments('runner'),
    /** Id of the requested or running experiment. Expires some seconds after its runner ends. */
    experimentRunning: ofExperiments('running'),
    /** JSON of the ids of all stored experiments, newest first. */
    experimentIds: ofExperiments('ids'),
    /** JSON of an experiment. */
    experiment: (experimentId: string) => ofExperiments(`one:${experimentId}`),

    /** Decisions for one consumer. */
    decisionsChannel: (consumer: string) => `${prefix}decisions:${consumer}`,
    /** Requests to all consumers for delivery traces. */
    deliveryRequestsChannel: `${prefix}told-asked`,
    /** Delivery traces for one consumer. */
    deliveredChannel: (consumer: string) => `${prefix}told:${consumer}`,
    /** Changed units of stocks, for all consumers. */
    stockUnitsChannel: `${prefix}stock-units${database === '0' ? '' : `:${database}`}`,
    /** The counters of all processes, once a second, for all consumers. */
    liveChannel: `${prefix}live:${database}`,
    /** The progress of experiments, for all consumers. */
    experimentsChannel: `${prefix}experiments:${database}`,
  };
}

export type RedisNames = ReturnType<typeof createRedisNames>;

function databaseOf(redisUrl: string): string {
  return /^\/(\d+)$/.exec(URL.parse(redisUrl.split(',')[0] ?? '')?.pathname ?? '')?.[1] ?? '0';
}
