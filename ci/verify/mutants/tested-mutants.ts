import { edit, type Mutant } from './mutant.ts';

/** Breaks that the simulation cannot see, or would need luck for: each has a test. */
export const testedMutants: Mutant[] = [
  {
    name: 'resent-not-as-repeat',
    leftOut: 'what is sent again after a lost answer is sent as a repeat',
    edits: [edit('consumer/orders/buy-unit.ts', 'placeOrder({ ...order, repeat: true })', 'placeOrder(order)')],
    caughtBy: 'consumer/orders/buy-unit.test.ts',
  },
  {
    name: 'insert-ignore',
    // The version check comes before it, so only a row that moved no version gets so far.
    leftOut: 'a duplicate key rolls back and decides again (INSERT IGNORE)',
    edits: [edit('db/orders/order-table.ts', 'INSERT INTO stock_order', 'INSERT IGNORE INTO stock_order')],
    caughtBy: 'db/orders/decide-orders.test.ts',
  },
  {
    name: 'cached-text-with-newer-time',
    leftOut: 'a cached read’s time is asked for before its text',
    edits: [
      edit(
        'db/stocks/stock-cache.ts',
        'const [leftBeforeMs, text, leftAfterMs] = await',
        'const [, text, leftAfterMs, leftBeforeMs = leftAfterMs] = await',
      ),
    ],
    caughtBy: 'db/stocks/stock-cache.test.ts',
  },
  {
    name: 'stamp-of-the-future',
    leftOut: 'an order is judged by no later time than that of its decision',
    edits: [
      edit(
        'db/orders/decide-batch.ts',
        'Math.min(wish.stampMs ?? stock.readAtMs, stock.readAtMs)',
        'wish.stampMs ?? stock.readAtMs',
      ),
    ],
    caughtBy: 'db/orders/decide-batch.test.ts',
  },
  {
    name: 'closed-repeat-is-refused',
    leftOut: 'a repeat that meets a closed sale asks the log: its first sending may have been taken in time',
    edits: [
      edit(
        'consumer/orders/buy-unit.ts',
        "new Set<Bought['kind']>(['sold_out', 'closed'])",
        "new Set<Bought['kind']>(['sold_out'])",
      ),
    ],
    caughtBy: 'consumer/orders/buy-unit.test.ts',
  },
  {
    name: 'cache-passers-win-returned-units',
    leftOut: 'an order that goes past nginx’s cache wins no unit while nginx says "sold out" to all others',
    edits: [edit('consumer/orders/buy-unit.ts', '(refusal || soldOutLately)', 'refusal')],
    caughtBy: 'consumer/orders/buy-unit.test.ts',
  },
  {
    name: 'outcomes-of-another-partition',
    // Each outcome has its order's number, so the worst is that the wrong consumer is told, and the right one asks.
    leftOut: 'each partition of a transaction hears of its own orders',
    edits: [edit('order-worker/decide-together.ts', 'next += orders.length;', 'next += 0;')],
    caughtBy: 'order-worker/decide-together.test.ts',
  },
  {
    name: 'no-lock-after-a-lost-race',
    leftOut: 'after a lost race the stock rows are locked',
    edits: [
      edit(
        'db/orders/decide-orders.ts',
        'decideOnce(transaction, orders, lostRaces > 0, options)',
        'decideOnce(transaction, orders, false, options)',
      ),
    ],
    caughtBy: 'db/orders/decide-orders.test.ts',
  },
  {
    name: 'refusals-purged-early',
    leftOut: 'rows are kept longer than the log keeps records',
    edits: [edit('db/orders/purge-rules.ts', 'ORDER_RETENTION_DAYS + 1', 'ORDER_RETENTION_DAYS - 1')],
    caughtBy: 'db/orders/purge-refusals.test.ts',
  },
  {
    name: 'expiry-waits-for-payments',
    leftOut: 'expiry leaves an order that a payment holds',
    edits: [edit('db/orders/expire-orders.ts', ' FOR UPDATE SKIP LOCKED', ' FOR UPDATE')],
    caughtBy: 'db/orders/expire-orders.test.ts',
  },
  {
    name: 'one-breaker-for-all',
    // Orders past the log are decided all the same, out of their sequence, which promises nothing then.
    leftOut: 'each partition has an append breaker of its own',
    edits: [
      edit('provider/orders/order-appender.ts', 'breakers.get(partition)', 'breakers.get(-1)'),
      edit('provider/orders/order-appender.ts', 'breakers.set(partition, breaker)', 'breakers.set(-1, breaker)'),
    ],
    caughtBy: 'provider/orders/order-appender.test.ts',
  },
  {
    name: 'stuck-partition-holds-all',
    // Nothing is wrong with it but the time.
    leftOut: 'a partition whose work takes long holds up no other one',
    edits: [edit('proto/kafka/isolate-partitions.ts', 'if (chunks === before) break;', 'if (chunks < before) break;')],
    caughtBy: 'proto/kafka/isolate-partitions.test.ts',
  },
];
