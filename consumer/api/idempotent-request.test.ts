import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const providers = [await startTestProvider(t, servers), await startTestProvider(t, servers)];
const api = `${await startTestConsumer(t, servers, providers)}/api/v1`;

let calls = 0;
const price = { price: { amount: 1999, currency: 'EUR' } };
const newKey = () => `key-${++calls}`;
const send = (method: string, path: string, key: string, body?: unknown, as = 'admin') =>
  callApi(api, path, { method, as, headers: { 'idempotency-key': key }, ...(body !== undefined && { body }) });

async function countOf(sid: number): Promise<number> {
  const [[row]] = await mysql.raw('SELECT count FROM stock WHERE id = ?', [sid]);
  return row.count;
}
async function actionsOn(target: unknown): Promise<string[]> {
  const [rows] = await mysql.raw('SELECT action FROM admin_action WHERE target = ?', [String(target)]);
  return rows.map(({ action }: { action: string }) => action);
}

t.test('units are added once for a key, also by requests at the same time', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  const key = newKey();
  const patch = () => send('PATCH', `/admin/stocks/${sid}`, key, { addUnits: 10 });
  const first = await patch();
  t.equal(first.status, 200, first.text);
  const repeats = await Promise.all(Array.from({ length: 6 }, patch));
  for (const { status, text, headers } of repeats) {
    t.equal(status, 200, text);
    t.equal(text, first.text);
    t.equal(headers.get('etag'), first.headers.get('etag'));
  }
  t.equal(await countOf(sid), 15);
  t.same(await actionsOn(sid), ['updateStock']);
  const other = newKey();
  await Promise.all(Array.from({ length: 6 }, () => send('PATCH', `/admin/stocks/${sid}`, other, { addUnits: 1 })));
  t.equal(await countOf(sid), 16);
});

t.test('a stock is created once for a key', async (t) => {
  const body = { name: 'A lamp', count: 5, ...price };
  const key = newKey();
  const [first, second] = [
    await send('POST', '/admin/stocks', key, body),
    await send('POST', '/admin/stocks', key, body),
  ];
  t.equal(first.status, 201, first.text);
  t.equal(second.status, 201);
  t.equal(second.text, first.text);
  t.equal(second.headers.get('location'), first.headers.get('location'));
  t.not((await send('POST', '/admin/stocks', newKey(), body)).body.sid, first.body.sid);
});

t.test('the key of another request, another caller and a bad key', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  const key = newKey();
  t.equal((await send('PATCH', `/admin/stocks/${sid}`, key, { addUnits: 1 })).status, 200);
  const other = await createTestStock(mysql, { count: 5 });
  for (const [path, body] of [
    [`/admin/stocks/${sid}`, { addUnits: 2 }],
    [`/admin/stocks/${other}`, { addUnits: 1 }],
  ] as const) {
    const answer = await send('PATCH', path, key, body);
    t.match(answer, {
      status: 422,
      body: { code: 'idempotency_key_reused', type: '/problems/idempotency_key_reused' },
    });
  }
  t.same([await countOf(sid), await countOf(other)], [6, 5]);
  for (const bad of ['', '""', '"', 'a b', 'x'.repeat(201)]) {
    const answer = await send('PATCH', `/admin/stocks/${sid}`, bad, { addUnits: 1 });
    t.match(answer, { status: 400, body: { code: 'invalid_idempotency_key' } }, bad);
  }
  t.equal(
    (await send('PATCH', `/admin/stocks/${sid}`, `"${key}"`, { addUnits: 1 })).status,
    200,
    'quoted: the same key',
  );
  t.equal(await countOf(sid), 6);
});

t.test('a refusal is not kept: the same request is made when it has become possible', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  const key = newKey();
  const remove = () => send('PATCH', `/admin/stocks/${sid}`, key, { addUnits: -6 });
  t.match(await remove(), { status: 409, body: { code: 'units_sold' } });
  t.equal((await send('PATCH', `/admin/stocks/${sid}`, newKey(), { addUnits: 3 })).status, 200);
  t.equal((await remove()).status, 200);
  t.equal(await countOf(sid), 2);
});

t.test('an order is refunded once', async (t) => {
  const sid = await createTestStock(mysql, { count: 2 });
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann']);
  await mysql.raw("UPDATE stock_order SET state = 'paid', paid_at = NOW(3) WHERE order_no = ?", [orderNo]);
  const key = newKey();
  const refund = () => send('POST', `/admin/orders/${orderNo}/refunds`, key, { reason: 'broken' });
  const answers = await Promise.all([refund(), refund(), refund()]);
  for (const { status, text } of answers) t.ok(status < 300, text);
  t.same(await actionsOn(orderNo), ['refundOrder']);
  const [[row]] = await mysql.raw('SELECT sale, version FROM stock WHERE id = ?', [sid]);
  t.same({ ...row }, { sale: 0, version: row.version });
  t.match(await send('POST', `/admin/orders/${orderNo}/refunds`, key, { reason: 'other' }), { status: 422 });
});
