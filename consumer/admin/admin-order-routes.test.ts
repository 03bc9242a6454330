import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const api = `${await startTestConsumer(t, servers, [await startTestProvider(t, servers)])}/api/v1`;
const admin = { as: 'admin' };
const get = (path: string) => callApi(api, path, admin);
const numbersOf = ({ body }: { body: Record<string, unknown> }) =>
  (body.orders as { orderNo: string }[]).map(({ orderNo }) => orderNo);

t.test('orders are searched by stock, buyer, state and time', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  const [ann = '', bob = ''] = await sellUnits(mysql, sid, ['ann', 'bob']);
  await mysql.raw("UPDATE stock_order SET state = 'paid', paid_at = NOW(3) WHERE order_no = ?", [bob]);
  const first = await get(`/admin/orders?sid=${sid}&limit=1`);
  t.equal(first.status, 200, first.text);
  const second = await get(`/admin/orders?sid=${sid}&limit=1&cursor=${first.body.nextCursor}`);
  t.same(new Set([...numbersOf(first), ...numbersOf(second)]), new Set([ann, bob]));
  t.same(numbersOf(await get(`/admin/orders?sid=${sid}&state=paid`)), [bob]);
  t.match((await get(`/admin/orders?buyer=bob&sid=${sid}`)).body.orders, [
    { buyer: 'bob', decidedBy: 'direct', state: 'paid' },
  ]);
  t.same(numbersOf(await get(`/admin/orders?sid=${sid}&to=2020-01-01T00:00:00Z`)), []);
  t.equal(numbersOf(await get(`/admin/orders?sid=${sid}&from=2020-01-01T00:00:00Z`)).length, 2);
});

t.test('a search that would read the whole table, and wrong values, are refused', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  await sellUnits(mysql, sid, ['ann', 'bob']);
  const page = await get(`/admin/orders?sid=${sid}&limit=1`);
  for (const query of [
    ...[
      '',
      '?state=paid',
      '?from=2020-01-01T00:00:00Z',
      '?reference=cart',
      '?sid=0',
      '?sid=x',
      '?sid=9007199254740993',
    ],
    ...['?buyer=', '?buyer=a%20b', `?buyer=${'x'.repeat(256)}`, `?sid=${sid}&state=open`, `?sid=${sid}&state=paid,`],
    ...[`?sid=${sid}&from=yesterday`, `?sid=${sid}&limit=1001`, `?sid=${sid}&other=1`, `?sid=${sid}&reference=%00`],
    ...[`?sid=${sid}&cursor=7`, `?sid=${sid}&state=paid&cursor=${page.body.nextCursor}`],
  ]) {
    t.match(await get(`/admin/orders${query}`), { status: 400, body: { code: 'invalid_request' } }, query);
  }
  t.equal((await callApi(api, `/admin/orders?sid=${sid}`, { as: 'ann' })).status, 403);
});

t.test('an administrator cancels an unpaid order for its buyer, once, and it is recorded', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  const [ann = '', bob = ''] = await sellUnits(mysql, sid, ['ann', 'bob']);
  const cancel = (orderNo: string, body?: unknown, as = 'admin') =>
    callApi(api, `/admin/orders/${orderNo}/cancel`, { method: 'POST', as, ...(body !== undefined && { body }) });
  t.equal((await cancel(ann, undefined, 'ann')).status, 403);
  const made = await cancel(ann, { reason: 'asked by phone' });
  t.match(made, { status: 200, body: { orderNo: ann, state: 'cancelled', buyer: 'ann' } });
  t.match(await cancel(ann), { status: 200, body: { state: 'cancelled' } });
  const [actions] = await mysql.raw('SELECT action, subject, detail FROM admin_action WHERE target = ?', [ann]);
  t.same(
    actions.map((row: object) => ({ ...row })),
    [{ action: 'cancelOrder', subject: 'admin', detail: '{"reason":"asked by phone"}' }],
  );
  await mysql.raw("UPDATE stock_order SET state = 'paid' WHERE order_no = ?", [bob]);
  t.match(await cancel(bob), { status: 409, body: { code: 'wrong_state', state: 'paid' } });
  for (const unknown of ['x', `${sid}-01JGZ5Q3C8W4T2M6N7P9R0S1V3-4H7K2M9QXE`]) {
    t.match(await cancel(unknown), { status: 404, body: { code: 'order_not_found' } }, unknown);
  }
  for (const body of [{ reason: '' }, { reason: ' ' }, { reason: 'x'.repeat(201) }, { other: 1 }, [], 'x', 1]) {
    t.equal((await cancel(bob, body)).status, 400, JSON.stringify(body));
  }
  const [[row]] = await mysql.raw('SELECT sale FROM stock WHERE id = ?', [sid]);
  t.equal(row.sale, 1);
});

t.test('stocks are listed by state, with drafts, scheduled and hidden ones', async (t) => {
  const opensAtMs = Date.now() + 3_600_000;
  const draft = await createTestStock(mysql, { opensAtMs });
  const scheduled = await createTestStock(mysql, { opensAtMs });
  const hidden = await createTestStock(mysql);
  await mysql.raw('UPDATE stock SET hidden = TRUE WHERE id IN (?)', [[draft, hidden] as never]);
  const listed = async (state: string) =>
    ((await get(`/admin/stocks?state=${state}`)).body.stocks as { sid: unknown }[]).map(({ sid }) => Number(sid));
  t.same(await listed('draft'), [draft]);
  t.same(await listed('scheduled'), [scheduled]);
  t.same(
    await listed('hidden'),
    [draft, hidden].toSorted((a, b) => b - a),
  );
  t.same(
    await listed('upcoming'),
    [draft, scheduled].toSorted((a, b) => b - a),
  );
  t.ok((await listed('open')).includes(hidden));
  t.equal((await get('/admin/stocks?state=open,draft')).status, 400);
});

t.test('payments in doubt are listed with the reason', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann']);
  t.same((await get('/admin/payments?inDoubt=true')).body, { payments: [] });
  await mysql.raw(
    `INSERT INTO payment (payment_id, order_no, amount_cents, currency, state, paid_cents, paid_currency, refund_failure)
     VALUES ('pay_1', ?, 1999, 'EUR', 'refund_due', 1999, 'EUR', 'card closed')`,
    [orderNo],
  );
  t.match((await get('/admin/payments?inDoubt=true')).body.payments, [
    {
      paymentId: 'pay_1',
      orderNo,
      doubt: 'refund_failed',
      amount: { amount: 1999, currency: 'EUR' },
      refundFailure: 'card closed',
    },
  ]);
  for (const query of ['', '?inDoubt=false', '?inDoubt=1', '?inDoubt=true&limit=0']) {
    t.equal((await get(`/admin/payments${query}`)).status, 400, query);
  }
  t.equal((await callApi(api, '/admin/payments?inDoubt=true', { as: 'ann' })).status, 403);
});
