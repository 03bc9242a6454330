import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { decideOrders, type PendingOrder } from '../../db/orders/decide-orders.ts';
import { readEventMarks } from '../../db/outbox/event-marks.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { realClock } from '../../proto/process/clock.ts';
import { createEventPositions } from './event-positions.ts';

const { database, mysql } = await createTestDatabase(t);

async function setUp(topic: string) {
  const sid = await createTestStock(mysql, { count: 99 });
  const partition = partitionOf(sid);
  const flushes: number[] = [];
  let nowMs = 0;
  const start = () =>
    createEventPositions({
      clock: { nowMs: () => nowMs },
      database,
      topic,
      flush: async () => void flushes.push(await mark().then(({ next }) => Number(next))),
    });
  const order = (buyer: string, offset: bigint): PendingOrder => {
    return { orderNo: `${sid}-${buyer}`, sid, buyer, mintedAtMs: 1, partition, offset };
  };
  const decide = (orders: PendingOrder[]) =>
    decideOrders(database, orders, {
      clock: realClock,
      random: Math.random,
      decidedBy: 'log',
      payWithinMs: 900_000,
      beforeTry: () => undefined,
    });
  async function mark() {
    const found = (await database.session((session) => readEventMarks(session, topic))).get(partition);
    return found ?? { life: 0, next: -1n };
  }
  async function kept(): Promise<string[]> {
    const [rows] = await mysql.raw('SELECT buyer FROM order_event WHERE sid = ? ORDER BY buyer', [sid]);
    return rows.map(({ buyer }: { buyer: string }) => buyer);
  }
  /** What a worker does with a batch. */
  async function handle(positions: ReturnType<typeof start>, orders: PendingOrder[], end?: bigint): Promise<void> {
    const first = orders[0]?.offset ?? 0n;
    const next = (orders.at(-1)?.offset ?? 0n) + 1n;
    await positions.prepare({ partition, first, end: end ?? next, orders });
    await decide(orders);
    positions.passed(partition, next);
  }
  /** Until late transactions cannot commit any more. */
  const passLateCommits = () => {
    nowMs += 10_000;
  };
  return { partition, start, order, decide, mark, kept, handle, flushes, passLateCommits };
}

t.test('a mark moves before offsets are committed, after the events', async (t) => {
  const { partition, start, order, mark, kept, handle, flushes } = await setUp('moves');
  const positions = start();
  await handle(positions, [order('ann', 4n), order('bob', 5n)]);
  t.match(await mark(), { life: 2, next: 4n });
  const { ready } = await positions.publishedTo(new Map([[partition, 6n]]));
  t.same(ready, new Map([[partition, 6n]]));
  t.same(flushes, [4]);
  t.match(await mark(), { life: 2, next: 6n });
  t.same(await kept(), []);
});

t.test('a successor whose records come again writes no rows', async (t) => {
  const { partition, start, order, mark, kept, handle } = await setUp('again');
  await handle(start(), [order('ann', 0n), order('bob', 1n)]);
  const successor = start();
  await handle(successor, [order('ann', 0n), order('bob', 1n), order('kim', 2n)]);
  await successor.publishedTo(new Map([[partition, 3n]]));
  t.match(await mark(), { life: 3, next: 3n });
  t.same(await kept(), []);
});

t.test('a successor behind a gap writes rows before the mark passes them', async (t) => {
  const { partition, start, order, decide, mark, kept, handle, passLateCommits } = await setUp('gap');
  await handle(start(), [order('ann', 0n), order('bob', 1n)]);
  const successor = start();
  await handle(successor, [order('kim', 2n)]);
  await decide([order('eve', 1n)]);
  const offsets = new Map([[partition, 3n]]);
  const early = await successor.publishedTo(offsets);
  t.same(early, { ready: new Map(), later: offsets }, 'a transaction of before may still commit');
  t.match(await mark(), { life: 3, next: 0n });
  passLateCommits();
  t.same(await successor.publishedTo(offsets), { ready: offsets, later: new Map() });
  t.match(await mark(), { life: 3, next: 3n });
  t.same(await kept(), ['ann', 'bob', 'eve']);
});

t.test('an order that comes again at the same offset, but at another place of the record, has a row', async (t) => {
  const { partition, start, order, kept, handle } = await setUp('index');
  await handle(start(), [order('ann', 0n), { ...order('bob', 0n), index: 1 }]);
  const successor = start();
  await handle(successor, [order('bob', 0n)]);
  await successor.publishedTo(new Map([[partition, 1n]]));
  t.same(await kept(), ['ann', 'bob'], 'a repeat at another place publishes nothing');
});

t.test('a lost record whose place another one took has a row', async (t) => {
  const { partition, start, order, kept, handle } = await setUp('reused');
  await handle(start(), [order('ann', 0n), order('bob', 1n)]);
  const successor = start();
  await handle(successor, [order('ann', 0n), order('kim', 1n)]);
  await successor.publishedTo(new Map([[partition, 2n]]));
  t.same(await kept(), ['bob']);
});

t.test('a topic that was created again begins a new life, and the old one has rows', async (t) => {
  const { partition, start, order, mark, kept, handle, passLateCommits } = await setUp('created again');
  const positions = start();
  await handle(positions, [order('ann', 0n), order('bob', 1n)]);
  await positions.publishedTo(new Map([[partition, 2n]]));
  await handle(positions, [order('kim', 2n)]);
  await handle(positions, [order('eve', 0n)], 9n);
  t.match(await mark(), { life: 4, next: 0n });
  t.same(await kept(), ['kim']);
  passLateCommits();
  await positions.publishedTo(new Map([[partition, 1n]]));
  t.match(await mark(), { life: 4, next: 1n });
});

t.test('a worker that knows an earlier life commits nothing', async (t) => {
  const { partition, start, order, mark, handle } = await setUp('zombie');
  const zombie = start();
  await handle(zombie, [order('ann', 0n), order('bob', 1n)]);
  await zombie.publishedTo(new Map([[partition, 2n]]));
  await handle(zombie, [order('kim', 2n)]);
  await handle(start(), [order('eve', 0n)], 1n);
  t.match(await mark(), { life: 4, next: 0n });
  t.match(await zombie.publishedTo(new Map([[partition, 3n]])), { ready: new Map(), later: new Map() });
  t.match(await mark(), { life: 4, next: 0n });
});

t.test('a worker whose partition was taken over moves no mark: the topic may have been created again', async (t) => {
  const { partition, start, order, mark, handle } = await setUp('taken over');
  const zombie = start();
  await handle(zombie, [order('ann', 0n), order('bob', 1n)]);
  await handle(start(), [order('ann', 0n), order('kim', 1n)]);
  t.match(await zombie.publishedTo(new Map([[partition, 2n]])), { ready: new Map(), later: new Map() });
  t.match(await mark(), { life: 3, next: 0n });
});

t.test('a worker that gets a partition back compares it with the mark, also where it stopped', async (t) => {
  const { partition, start, order, mark, kept, handle } = await setUp('back');
  const first = start();
  await handle(first, [order('ann', 0n)]);
  const second = start();
  await handle(second, [order('ann', 0n), order('bob', 1n)]);
  await second.publishedTo(new Map([[partition, 2n]]));
  t.match(await mark(), { life: 3, next: 2n });
  // The topic was created again.
  await handle(first, [order('eve', 1n)]);
  t.match(await mark(), { life: 5, next: 1n });
  t.same(await kept(), []);
});

t.test('an offset beyond the batch in work is of before, and moves no mark', async (t) => {
  const { partition, start, order, mark, handle } = await setUp('of before');
  const positions = start();
  await handle(positions, [order('ann', 0n), order('bob', 1n)]);
  await handle(start(), [order('ann', 0n), order('bob', 1n)]);
  await positions.prepare({ partition, first: 0n, end: 1n, orders: [order('ann', 0n)] });
  t.same(await positions.publishedTo(new Map([[partition, 2n]])), { ready: new Map(), later: new Map() });
  t.match(await mark(), { next: 0n });
});

t.test('a batch that failed may have been committed', async (t) => {
  const { partition, start, order, decide, kept, handle } = await setUp('failed');
  const positions = start();
  const orders = [order('ann', 0n)];
  await positions.prepare({ partition, first: 0n, end: 1n, orders });
  await decide(orders);
  // Its answer was lost, and then the record.
  await handle(positions, [order('bob', 0n)]);
  await positions.publishedTo(new Map([[partition, 1n]]));
  t.same(await kept(), ['ann']);
});
