import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createPool, createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { createDatabase } from '../mysql/database.ts';
import { cancelOrder } from '../orders/cancel-order.ts';
import { type OutboxEvent, publishEvents } from './publish-events.ts';

const { database, mysql, url } = await createTestDatabase(t);
const names = (count: number) => Array.from({ length: count }, (_, i) => `buyer-${i}`);
const collect = (into: OutboxEvent[]) => async (events: OutboxEvent[]) => void into.push(...events);
const run = (publish: (events: OutboxEvent[]) => Promise<void>, batch = 100, pool = mysql) =>
  publishEvents(createDatabase({ mysql: pool, statementMs: 10_000 }), { orderTopic: 'orders', batch, publish });

t.test('without failures each event is published once, those of an order in their order', async (t) => {
  const sid = await createTestStock(mysql, { count: 9, priceCents: 5, currency: 'EUR' });
  const orders = await sellUnits(mysql, sid, names(3));
  await cancelOrder(database, orders[0] as string, 'buyer-0');
  // As if the clock was set back between the two.
  await mysql.raw(`UPDATE order_event SET create_time = '2020-01-01' WHERE type = 'cancelled'`);
  const published: OutboxEvent[] = [];
  t.match(await run(collect(published)), { published: 4, more: false });
  t.match(await run(collect(published)), { published: 0, more: false });
  t.same(
    published.filter(({ orderNo }) => orderNo === orders[0]).map(({ type }) => type),
    ['confirmed', 'cancelled'],
  );
  t.match(published[0], { sid, priceCents: 5, currency: 'EUR' });
});

t.test('events are published in batches, oldest first', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  const orders: string[] = [];
  for (const name of names(5)) orders.push(...(await sellUnits(mysql, sid, [name])));
  const published: OutboxEvent[] = [];
  const results: boolean[] = [];
  for (let i = 0; i < 3; i += 1) results.push((await run(collect(published), 2)).more);
  t.same(results, [true, true, false]);
  t.same(
    published.map(({ orderNo }) => orderNo),
    orders,
  );
});

t.test('events that could not be published are published again', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  await sellUnits(mysql, sid, names(2));
  await t.rejects(
    run(async () => {
      throw new Error('no broker');
    }),
    /no broker/,
  );
  const published: OutboxEvent[] = [];
  t.match(await run(collect(published)), { published: 2 });
});

t.test('one process publishes at a time; without its connection it marks nothing', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  await sellUnits(mysql, sid, names(2));
  const other = createPool(t, url, 2);
  const frozen = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const first = run(() => {
    reached.resolve();
    return frozen.promise;
  });
  first.catch(() => undefined);
  await reached.promise;
  const published: OutboxEvent[] = [];
  t.match(await run(collect(published), 100, other), { published: 0, elsewhere: true });

  // The server ends the connection of the frozen process, as after wait_timeout.
  const [[{ id }]] = await other.raw(
    `SELECT IS_USED_LOCK(CONCAT('order-events:', LEFT(SHA2(DATABASE(), 256), 32))) AS id`,
  );
  await mysql.raw(`KILL ${Number(id)}`);
  for (let tries = 0; tries < 50 && published.length === 0; tries += 1) {
    await run(collect(published), 100, other);
    await sleep(20);
  }
  t.equal(published.length, 2, 'the next process takes over');
  frozen.resolve();
  await t.rejects(first);
});
