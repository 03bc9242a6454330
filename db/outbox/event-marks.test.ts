import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { realClock } from '../../proto/process/clock.ts';
import { cancelOrder } from '../orders/cancel-order.ts';
import { decideOrders, type PendingOrder } from '../orders/decide-orders.ts';
import { keepOrderEvents } from '../orders/order-event-table.ts';
import { beginLife, type EventMark, insertEventMark, moveEventMarks, readEventMarks } from './event-marks.ts';
import { keepMissedEvents, keepStuckEvents } from './keep-missed-events.ts';
import { type OutboxEvent, publishEvents } from './publish-events.ts';

const { database, mysql } = await createTestDatabase(t);

/** Decides orders at these places of the log. No worker publishes their events. */
async function decide(sid: number, from: bigint, buyers: string[], more: Partial<PendingOrder> = {}) {
  const orders = buyers.map((buyer, i): PendingOrder => {
    const place = { partition: partitionOf(sid), offset: from + BigInt(i) };
    return { orderNo: `${sid}-${buyer}`, sid, buyer, mintedAtMs: 1, stampMs: Date.now() - 5000, ...place, ...more };
  });
  const { confirmed } = await decideOrders(database, orders, {
    clock: realClock,
    random: Math.random,
    decidedBy: 'log',
    payWithinMs: 900_000,
    beforeTry: () => undefined,
  });
  return { orders, confirmed };
}

async function publish(topic: string): Promise<string[]> {
  const published: OutboxEvent[] = [];
  await publishEvents(database, {
    orderTopic: topic,
    batch: 100,
    publish: async (events) => void published.push(...events),
  });
  return published.map(({ orderNo, type }) => `${orderNo} ${type}`);
}

async function readMark(topic: string, partition: number): Promise<EventMark> {
  const mark = (await database.session((session) => readEventMarks(session, topic))).get(partition);
  if (!mark) throw new Error('no mark');
  return mark;
}

async function createMark(topic: string, sid: number, next: bigint): Promise<EventMark> {
  const partition = partitionOf(sid);
  await database.session((session) => insertEventMark(session, topic, partition, next));
  return readMark(topic, partition);
}

const keptOf = async (sid: number) => {
  const [rows] = await mysql.raw(`SELECT order_no FROM order_event WHERE sid = ? AND type = 'confirmed'`, [sid]);
  return rows.map(({ order_no }: { order_no: string }) => order_no).sort();
};

t.test('a mark moves forward only, and not in another life', async (t) => {
  const sid = await createTestStock(mysql);
  const { partition } = await createMark('forward', sid, 5n);
  const move = (life: number, next: bigint) => moveEventMarks(database, 'forward', [{ partition, life, next }]);
  t.same(await move(1, 9n), []);
  t.same(await move(1, 7n), []);
  t.match(await readMark('forward', partition), { life: 1, next: 9n });
  const mark = await readMark('forward', partition);
  await database.session((session) => beginLife(session, 'forward', mark, 2n));
  await database.session((session) => beginLife(session, 'forward', mark, 3n));
  t.match(await readMark('forward', partition), { life: 2, next: 2n }, 'the second process changes nothing');
  t.same(await move(1, 20n), [partition]);
  t.match(await readMark('forward', partition), { life: 2, next: 2n });
  t.same(await move(2, 4n), []);
  t.match(await readMark('forward', partition), { life: 2, next: 4n });
});

t.test('the log publishes what it confirmed: no rows, and an event for each place that a row holds', async (t) => {
  const sid = await createTestStock(mysql, { count: 2, priceCents: 5, currency: 'EUR' });
  const { orders, confirmed } = await decide(sid, 7n, ['ann', 'bob', 'kim']);
  t.same(
    confirmed.map(({ orderNo }) => orderNo),
    [`${sid}-ann`, `${sid}-bob`],
  );
  t.match(confirmed[0], { type: 'confirmed', sid, buyer: 'ann', priceCents: 5, currency: 'EUR' });
  t.same(await keptOf(sid), []);
  t.same((await decide(sid, 7n, ['ann', 'bob', 'kim'])).confirmed, confirmed, 'the same records: the same events');
  t.same((await decide(sid, 8n, ['ann', 'kim'])).confirmed, [], 'repeats from other places');
  t.same((await decide(sid, 7n, ['ann'], { index: 1 })).confirmed, [], 'another place in the record');
  await mysql.raw(`UPDATE stock_order SET decided_by = 'direct' WHERE order_no = ?`, [orders[0]?.orderNo ?? '']);
  t.same((await decide(sid, 7n, ['ann'])).confirmed, [], 'decided without the log');
});

t.test('a free order is confirmed by the log, and has a row for its payment', async (t) => {
  const sid = await createTestStock(mysql, { count: 2, priceCents: 0 });
  await createMark('free', sid, 0n);
  const { confirmed } = await decide(sid, 0n, ['ann']);
  t.match(confirmed, [{ type: 'confirmed', priceCents: 0 }]);
  t.same(await publish('free'), [`${sid}-ann confirmed`, `${sid}-ann paid`]);
});

t.test('before a later event of an order at or beyond the mark, confirmed is published', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  const { partition } = await createMark('later', sid, 0n);
  await decide(sid, 0n, ['ann', 'bob', 'kim']);
  await moveEventMarks(database, 'later', [{ partition, life: 1, next: 1n }]);
  for (const buyer of ['ann', 'bob', 'kim']) await cancelOrder(database, `${sid}-${buyer}`, buyer);
  const published = await publish('later');
  t.notOk(published.includes(`${sid}-ann confirmed`), 'it is before the mark');
  for (const buyer of ['bob', 'kim']) {
    const at = (type: string) => published.indexOf(`${sid}-${buyer} ${type}`);
    t.ok(at('confirmed') >= 0 && at('confirmed') < at('cancelled'), buyer);
  }
});

t.test('orders that the log lost get rows, once', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  const { partition } = await createMark('lost', sid, 0n);
  const { confirmed } = await decide(sid, 0n, ['ann', 'bob', 'kim']);
  await moveEventMarks(database, 'lost', [{ partition, life: 1, next: 1n }]);
  await database.session((session) => keepOrderEvents(session, confirmed.slice(1, 2)));
  t.equal(await keepMissedEvents(database, await readMark('lost', partition)), 2);
  t.same(await keptOf(sid), [`${sid}-bob`, `${sid}-kim`]);
});

t.test('what no worker publishes for a minute gets a row', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  await createMark('stuck', sid, 0n);
  await decide(sid, 0n, ['ann', 'bob']);
  const age = (what: string) => mysql.raw(`UPDATE ${what} - INTERVAL 70 SECOND WHERE ? IN (topic, 'stuck')`, ['stuck']);
  await mysql.raw('UPDATE stock_order SET create_time = create_time - INTERVAL 65 SECOND WHERE order_no = ?', [
    `${sid}-ann`,
  ]);
  await age('event_mark SET since = since');
  await keepStuckEvents(database, 'stuck');
  t.same(await keptOf(sid), [], 'its worker may be alive');
  await age('event_mark SET moved_at = moved_at');
  await keepStuckEvents(database, 'stuck');
  t.same(await keptOf(sid), [`${sid}-ann`], 'bob was confirmed a moment ago');
});
