import t from 'tap';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import { findSalesToStore, storeSale } from './figures/store-sale.ts';
import { summarizeStock } from './lists/summarize-stock.ts';
import { purgeRefusals } from './purge-refusals.ts';

const { mysql, database } = await createTestDatabase(t);
const close = (sid: number) => mysql.raw('UPDATE stock SET closes_at = NOW(3) - INTERVAL 40 DAY WHERE id = ?', [sid]);
const purge = (more: object = {}) => purgeRefusals(database, { keepDays: 30, batch: 3, ...more });
const age = (orderNos: string[], days: number) =>
  mysql.raw('UPDATE stock_order SET create_time = create_time - INTERVAL ? DAY WHERE order_no IN (?)', [
    days,
    orderNos,
  ]);

t.test('old refusals are deleted, all other rows stay', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  const names = Array.from({ length: 12 }, (_, i) => `buyer-${i}`);
  const orders = await sellUnits(mysql, sid, names);
  const [twice = ''] = await sellUnits(mysql, sid, ['buyer-0']);
  await close(sid);
  await age([...orders.slice(0, 10), twice], 31);
  await age(orders.slice(10), 29);
  const before = await auditStock(mysql, sid);
  t.match(before.states, { awaiting_payment: 2, sold_out: 10, duplicate: 1 });
  for (const sale of await database.session(findSalesToStore)) await storeSale(database, sale);
  const refused = async () => (await database.session((session) => summarizeStock(session, sid)))?.refusedOrders;
  t.equal(await refused(), 11);
  const steps: number[] = [];
  const purged = await purge({ onProgress: ({ orders }: { orders: number }) => steps.push(orders) });
  t.match(purged, { orders: 9 });
  t.ok(steps.length > 2, 'in small batches');
  t.match(await auditStock(mysql, sid), { sale: 2, live: 2, version: before.version });
  t.same((await auditStock(mysql, sid)).states, { awaiting_payment: 2, sold_out: 2 });
  t.equal(await refused(), 2, 'stored figures are counted again');
  t.match(await purge(), { orders: 0 });
});

t.test('published events are deleted too, unpublished ones never', async (t) => {
  const sid = await createTestStock(mysql, { count: 9 });
  const orders = await sellUnits(mysql, sid, ['a', 'b', 'c', 'd', 'e', 'f']);
  await close(sid);
  await mysql.raw('UPDATE order_event SET create_time = create_time - INTERVAL 60 DAY WHERE sid = ?', [sid]);
  await mysql.raw('UPDATE order_event SET published_at = NOW(3) - INTERVAL 31 DAY WHERE order_no IN (?)', [
    orders.slice(0, 4),
  ]);
  await mysql.raw('UPDATE order_event SET published_at = NOW(3) WHERE order_no = ?', [orders[4] ?? '']);
  t.match(await purge(), { events: 4 });
  const [rows] = await mysql.raw('SELECT order_no FROM order_event WHERE sid = ?', [sid]);
  t.equal(rows.length, 2);
});

t.test('it can be stopped between batches, and the next call continues', async (t) => {
  const sid = await createTestStock(mysql, { count: 0 });
  const orders = await sellUnits(
    mysql,
    sid,
    Array.from({ length: 8 }, (_, i) => `buyer-${i}`),
  );
  await close(sid);
  await age(orders, 40);
  let batches = 0;
  const stopped = await purge({
    onProgress: () => {
      batches += 1;
    },
    shouldStop: () => batches === 1,
  });
  t.match(stopped, { orders: 3 });
  t.match(await purge(), { orders: 5 });
});

t.test('rows whose records the log may still contain are never purged', async (t) => {
  await t.rejects(purge({ keepDays: 7 }), /at least 8 days/);
});
