/**
 * Every key of Redis. All keys of a stock carry the tag {stock:ID}, and all of experiments {experiments}, so that a cluster keeps
 * them on one node.
 */
export const redisKeys = {
  /** JSON of the stock as MySQL had it less than 1 s ago, or `null` when there is none. */
  stock: (sid: number) => `{stock:${sid}}:row`,
  /** Held by the one process that loads the stock. */
  stockLoading: (sid: number) => `{stock:${sid}}:loading`,
  /** Hash count, sale, version: what the ladder's Redis way reads. */
  ladderCounters: (sid: number) => `{stock:${sid}}:counters`,
  /** Token bucket of the ladder's limiter. */
  ladderBucket: (sid: number) => `{stock:${sid}}:ladder-bucket`,
  /** Token bucket of one buyer's orders; `what` is order or repeat. */
  buyerBucket: (sid: number, buyer: string, what: 'order' | 'repeat') => `{stock:${sid}}:${what}s-of:${buyer}`,
  /** Token bucket of all orders. */
  stockBucket: (sid: number) => `{stock:${sid}}:orders`,
  /** Requests per second of the ladder's limiter, where it differs from the consumers' setting. */
  ladderLimit: (sid: number) => `{stock:${sid}}:ladder-limit`,
  /** Name of the process that runs experiments; gone some seconds after it. */
  experimentRunner: () => '{experiments}:runner',
  /** Id of the experiment that is wished for or runs; gone some seconds after its runner. */
  experimentRunning: () => '{experiments}:running',
  /** JSON of the ids of those kept, newest first. */
  experimentIds: () => '{experiments}:ids',
  /** JSON of one. */
  experiment: (experimentId: string) => `{experiments}:one:${experimentId}`,
};

/** Where the consumer of that name hears decisions. */
export function decisionsChannel(consumer: string): string {
  return `decisions:${consumer}`;
}

/** Where every consumer hears what the processes count, once a second. */
export function liveChannel(redisUrl: string): string {
  return `live:${databaseOf(redisUrl)}`;
}

/** Where every consumer hears how experiments get on. */
export function experimentsChannel(redisUrl: string): string {
  return `experiments:${databaseOf(redisUrl)}`;
}

/** Channels are common to all databases of a Redis; two systems that share one and have a database each are two pictures. */
function databaseOf(redisUrl: string): string {
  return /\/(\d+)$/.exec(redisUrl.split(',')[0] ?? '')?.[1] ?? '0';
}

/** Where every consumer is asked when it heard of an order. */
export const TOLD_ASKED_CHANNEL = 'told-asked';

/** Where the consumer of that name hears the answers. */
export function toldChannel(consumer: string): string {
  return `told:${consumer}`;
}

/** Where every consumer hears of stocks whose units have changed. */
export const STOCK_UNITS_CHANNEL = 'stock-units';
