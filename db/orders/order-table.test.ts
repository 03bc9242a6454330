import t from 'tap';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestDatabase } from '../../ci/testing/servers/test-database.ts';
import type { Session } from '../mysql/database.ts';
import { insertOrders, type NewOrder, readActiveOrders, readKnownOrders, readOrders } from './order-table.ts';

const { database, mysql } = await createTestDatabase(t);
const use = <T>(work: (session: Session) => Promise<T>) => database.session(work);

function order(sid: number, orderNo: string, buyer: string, more: Partial<NewOrder> = {}): NewOrder {
  const nothing = { liveOrderNo: null, mintedAtMs: null, payByMs: null, partition: null, offset: null };
  const rest = { name: 'A lamp', state: 'awaiting_payment', priceCents: 5, decidedBy: 'log', ...nothing } as const;
  return { orderNo: `${sid}-${orderNo}`, sid, buyer, ...rest, ...more };
}

t.test('an order is read as it was written', async (t) => {
  const sid = await createTestStock(mysql);
  const payByMs = Date.UTC(2031, 1, 2, 3, 4, 5, 6);
  const appendedAtMs = Date.UTC(2031, 1, 2, 3, 4, 5, 7);
  const place = { partition: 3, offset: 2n ** 53n + 1n, index: 499, appendedAtMs };
  const written = order(sid, 'a', 'ann', { payByMs, mintedAtMs: 1, ...place });
  await use((session) => insertOrders(session, [written]));
  const [read] = await use((session) => readOrders(session, [written.orderNo, 'no-such-number']));
  const { orderNo } = written;
  t.match(read, { orderNo, sid, buyer: 'ann', name: 'A lamp', priceCents: 5, payByMs, decision: 'CONFIRMED' });
  t.match(read, { mintedAtMs: 1, appendedAtMs, logPartition: 3, logIndex: 499 });
  t.ok(Math.abs((read?.createdAtMs ?? 0) - Date.now()) < 5000);
  const [rows] = await mysql.raw('SELECT CAST(log_offset AS CHAR) AS at FROM stock_order WHERE order_no = ?', [
    orderNo,
  ]);
  t.equal(rows[0].at, String(2n ** 53n + 1n), 'an offset keeps all digits');
});

t.test("'bob' and 'Bob' are two buyers", async (t) => {
  const sid = await createTestStock(mysql);
  await use((session) => insertOrders(session, [order(sid, 'x', 'bob'), order(sid, 'X', 'Bob')]));
  const live = await use((session) => readActiveOrders(session, [{ sid, buyer: 'Bob' }]));
  t.same(live, [{ orderNo: `${sid}-X`, sid, buyer: 'Bob' }]);
  t.same(
    (await use((session) => readKnownOrders(session, [`${sid}-x`]))).map(({ buyer }) => buyer),
    ['bob'],
  );
});

t.test('the table refuses a second active order, and accepts it when the first holds no unit', async (t) => {
  const sid = await createTestStock(mysql);
  const second = order(sid, 'b', 'ann');
  await use((session) => insertOrders(session, [order(sid, 'a', 'ann')]));
  await t.rejects(
    use((session) => insertOrders(session, [second])),
    { code: 'ER_DUP_ENTRY' },
  );
  for (const state of ['paid', 'refunded'])
    await mysql.raw('UPDATE stock_order SET state = ? WHERE order_no = ?', [state, `${sid}-a`]);
  await use((session) => insertOrders(session, [second]));
  const live = await use((session) => readActiveOrders(session, [{ sid, buyer: 'ann' }]));
  t.same(
    live.map(({ orderNo }) => orderNo),
    [second.orderNo],
  );
});

t.test('a buyer may have any number of sold-out and duplicate rows', async (t) => {
  const sid = await createTestStock(mysql);
  const states = ['sold_out', 'sold_out', 'duplicate', 'duplicate'] as const;
  const rows = states.map((state, i) => order(sid, `n${i}`, 'ann', { state }));
  await use((session) => insertOrders(session, rows));
  t.same(await use((session) => readActiveOrders(session, rows)), []);
  const known = await use((session) =>
    readKnownOrders(
      session,
      rows.map(({ orderNo }) => orderNo),
    ),
  );
  t.same(known.map(({ decision }) => decision).sort(), ['DUPLICATE', 'DUPLICATE', 'SOLD_OUT', 'SOLD_OUT']);
});

t.test('active orders of several stocks are found in one call', async (t) => {
  const [first, second] = [await createTestStock(mysql), await createTestStock(mysql)];
  await use((session) => insertOrders(session, [order(first, 'a', 'ann'), order(second, 'b', 'bob')]));
  const wanted = [first, second].flatMap((sid) => ['ann', 'bob', 'ann'].map((buyer) => ({ sid, buyer })));
  const live = await use((session) => readActiveOrders(session, wanted));
  t.same(live.map(({ orderNo }) => orderNo).sort(), [`${first}-a`, `${second}-b`].sort());
});

t.test('empty lists read and write nothing', async (t) => {
  await use(async (session) => {
    t.same(await readKnownOrders(session, []), []);
    t.same(await readActiveOrders(session, []), []);
    t.same(await readOrders(session, []), []);
    await insertOrders(session, []);
  });
});

t.test('quantity, reference and metadata have defaults, and a quantity above the limit is refused', async (t) => {
  const sid = await createTestStock(mysql, { maxPerOrder: 5 });
  await use((session) => insertOrders(session, [order(sid, 'plain', 'ann')]));
  const [plain] = await use((session) => readOrders(session, [`${sid}-plain`]));
  t.match(plain, { quantity: 1, reference: null, metadata: null, unitsLeft: null });
  const set = (sql: string) => mysql.raw(`UPDATE stock_order SET ${sql} WHERE order_no = ?`, [`${sid}-plain`]);
  for (const sql of ['quantity = 2', 'quantity = 0', 'quantity = 6, max_per_order = 5']) {
    await t.rejects(set(sql), { message: /quantity/ });
  }
  await set(`quantity = 5, max_per_order = 5, reference = 'SKU-1', metadata = '{"a":"ü"}'`);
  const [changed] = await use((session) => readOrders(session, [`${sid}-plain`]));
  t.match(changed, { quantity: 5, reference: 'SKU-1', metadata: '{"a":"ü"}' });
});
