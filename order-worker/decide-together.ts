import {
  type Decided,
  type DecideOptions,
  decideOrders,
  type OrderStore,
  type PendingOrder,
} from '../db/orders/decide-orders.ts';
import { ORDER_PARTITIONS, partitionOf } from '../proto/kafka/partition-of.ts';
import { type BatcherOptions, createBatcher } from '../proto/process/batcher.ts';

export type DecideBatch = (orders: PendingOrder[], beforeTry: DecideOptions['beforeTry']) => Promise<Decided>;

export type TogetherOptions = Omit<DecideOptions, 'decidedBy' | 'beforeTry'> & {
  clock: BatcherOptions<never, never>['clock'];
  /** Most orders of one transaction. */
  maxOrders: number;
};

type Batch = { orders: PendingOrder[]; beforeTry: DecideOptions['beforeTry'] };
/** A batch under way or decided, in an object: a promise of promises would wait for all of them. */
type UnderWay = { decided: Promise<Decided> };

/** A transaction takes some 10 ms. One that waits for a lock does not hold up the other partitions for longer than this. */
const PATIENCE_MS = 20;

/**
 * Decides batches of several partitions in one transaction when they come in one moment, or while one is under way: with a hundred hot stocks each partition
 * alone has too few orders to be worth one. Partitions have different stocks, so each batch is decided as it would be alone. Where the
 * transaction of all fails or may not go on, as for one whose partition was taken away or whose stock somebody locks, each is decided
 * by itself, and waits for no other: that is safe, for what was committed unseen is known then.
 */
export function decideTogether(store: OrderStore, { maxOrders, ...options }: TogetherOptions): DecideBatch {
  const decide = ({ orders, beforeTry }: Batch) =>
    decideOrders(store, orders, { ...options, decidedBy: 'log', beforeTry });

  async function decideAll(batches: Batch[]): Promise<UnderWay[]> {
    const orders = batches.flatMap((batch) => batch.orders);
    if (batches.length > 1 && orders.length <= maxOrders) {
      const beforeTry: DecideOptions['beforeTry'] = async (tries, lastError) => {
        for (const batch of batches) await batch.beforeTry(tries, lastError);
        if (lastError !== null) throw lastError;
      };
      try {
        return share(await decide({ orders, beforeTry }), batches);
      } catch {
        // Each says by itself below what is wrong with it.
      }
    }
    return batches.map((batch) => underWay(decide(batch)));
  }

  const gather = createBatcher<Batch, UnderWay>({
    clock: options.clock,
    send: decideAll,
    maxBatch: ORDER_PARTITIONS,
    maxInFlight: ORDER_PARTITIONS,
    lingerMs: PATIENCE_MS,
    maxWaiting: ORDER_PARTITIONS,
  });
  return async (orders, beforeTry) => (await gather({ orders, beforeTry })).decided;
}

function underWay(decided: Promise<Decided>): UnderWay {
  // Whoever asked for it hears of it a moment later.
  decided.catch(() => undefined);
  return { decided };
}

/** To each batch the outcomes of its orders, and the units of its partition's stocks. */
function share({ outcomes, units }: Decided, batches: Batch[]): UnderWay[] {
  let next = 0;
  return batches.map(({ orders }) => {
    const own = outcomes.slice(next, next + orders.length);
    next += orders.length;
    const partitions = new Set(orders.map(({ sid }) => partitionOf(sid)));
    const ofIt = units.filter(({ sid }) => partitions.has(partitionOf(sid)));
    return { decided: Promise.resolve({ outcomes: own, units: ofIt }) };
  });
}
