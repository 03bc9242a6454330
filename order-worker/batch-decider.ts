import type { Database } from '../db/mysql/database.ts';
import type { BeforeTry, Decided, PendingOrder } from '../db/orders/decide-orders.ts';
import { ORDER_PARTITIONS, partitionOf } from '../proto/kafka/partition-of.ts';
import { type BatcherOptions, createBatcher } from '../proto/process/batcher.ts';
import { createOrderDecider, type OrderDeciderOptions } from './order-decider.ts';

/** Decides the orders of one partition. */
export type BatchDecider = (orders: PendingOrder[], beforeTry: BeforeTry) => Promise<Decided>;

export type DeciderOptions = OrderDeciderOptions & {
  clock: BatcherOptions<never, never>['clock'];
  /** Maximum number of orders in one transaction. */
  maxOrders: number;
};

type Batch = { orders: PendingOrder[]; beforeTry: BeforeTry };
/** A promise inside an object: a promise of an array of promises would wait for all of them. */
type Started = { decided: Promise<Decided> };

/** A transaction takes about 10 ms. One that waits for a lock delays the other partitions by this time at most. */
const LINGER_MS = 20;

/**
 * Decides batches of several partitions in one transaction when they arrive at the same time: with a hundred active stocks a single
 * partition has too few orders to fill one. Partitions have different stocks, so each batch is decided as it would be alone. When
 * the common transaction fails, each batch is decided by itself and waits for no other. That is safe: what an unknown COMMIT wrote
 * is known then.
 */
export function createBatchDecider(database: Database, { maxOrders, ...options }: DeciderOptions): BatchDecider {
  const decideOrders = createOrderDecider(database, options);
  const decide = ({ orders, beforeTry }: Batch): Promise<Decided> => decideOrders(orders, beforeTry);

  async function decideAll(batches: Batch[]): Promise<Started[]> {
    const orders = batches.flatMap((batch) => batch.orders);
    if (batches.length > 1 && orders.length <= maxOrders) {
      const beforeTry: BeforeTry = async (tries, lastError) => {
        for (const batch of batches) await batch.beforeTry(tries, lastError);
        if (lastError !== null) throw lastError;
      };
      try {
        return share(await decide({ orders, beforeTry }), batches);
      } catch {
        // Below, each batch fails with its own error.
      }
    }
    return batches.map((batch) => started(decide(batch)));
  }

  const gather = createBatcher<Batch, Started>({
    clock: options.clock,
    send: decideAll,
    maxBatch: ORDER_PARTITIONS,
    maxInFlight: ORDER_PARTITIONS,
    lingerMs: LINGER_MS,
    maxWaiting: ORDER_PARTITIONS,
  });
  return async (orders, beforeTry) => (await gather({ orders, beforeTry })).decided;
}

function started(decided: Promise<Decided>): Started {
  // The caller attaches its own handler one turn later.
  decided.catch(() => undefined);
  return { decided };
}

/** Gives each batch the outcomes of its orders, and the units and events of its partition's stocks. */
function share({ outcomes, units, confirmed }: Decided, batches: Batch[]): Started[] {
  let next = 0;
  return batches.map(({ orders }) => {
    const own = outcomes.slice(next, next + orders.length);
    next += orders.length;
    const partitions = new Set(orders.map(({ sid }) => partitionOf(sid)));
    const isOwn = ({ sid }: { sid: number }) => partitions.has(partitionOf(sid));
    const decided = { outcomes: own, units: units.filter(isOwn), confirmed: confirmed.filter(isOwn) };
    return { decided: Promise.resolve(decided) };
  });
}
