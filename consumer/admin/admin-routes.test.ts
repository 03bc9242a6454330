import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { insertOrders } from '../../db/orders/order-table.ts';

const servers = await createTestServers(t);
const { mysql, database } = servers;
const url = await startTestConsumer(t, servers, [await startTestProvider(t, servers)]);
const api = `${url}/api/v1`;
const admin = { as: 'admin' };
const lamp = { name: 'A lamp', count: 5, price: { amount: 1999, currency: 'CNY' } };

t.test('the routes need the role admin', async (t) => {
  const sid = await createTestStock(mysql);
  const calls: [string, object][] = [
    ['/admin/stocks', { body: lamp }],
    [`/admin/stocks/${sid}`, { method: 'PATCH', body: { paused: true } }],
    [`/admin/stocks/${sid}/audit`, {}],
    [`/admin/stocks/${sid}/audit`, { method: 'POST' }],
    [`/admin/stocks/${sid}/audit`, { method: 'DELETE' }],
    [`/admin/stocks/${sid}/orders`, {}],
  ];
  for (const [path, call] of calls) {
    t.equal((await callApi(api, path, { ...call })).status, 401, path);
    t.equal((await callApi(api, path, { ...call, as: 'ann' })).status, 403, path);
  }
  const [[row]] = await mysql.raw('SELECT paused FROM stock WHERE id = ?', [sid]);
  t.equal(row.paused, 0);
});

t.test('a new stock is visible at once', async (t) => {
  const opensAt = '2030-01-02T10:00:00.000Z';
  const body = { ...lamp, opensAt: '2030-01-02T12:00:00+02:00', closesAt: null };
  const made = await callApi(api, '/admin/stocks', { ...admin, body });
  t.equal(made.status, 201, made.text);
  t.match(made.body, {
    ...lamp,
    opensAt,
    closesAt: null,
    sold: 0,
    left: 5,
    version: 0,
    state: 'upcoming',
  });
  t.equal(made.headers.get('location'), `/api/v1/stocks/${made.body.sid}`);
  t.match((await callApi(url, String(made.headers.get('location')))).body, { sid: made.body.sid, opensAt });
});

t.test('a chosen id that was read before is visible within a second, and can be used once', async (t) => {
  const sid = 4711;
  t.equal((await callApi(api, `/stocks/${sid}`)).status, 404);
  t.equal((await callApi(api, '/admin/stocks', { ...admin, body: { ...lamp, sid: String(sid) } })).status, 201);
  await new Promise((resolve) => setTimeout(resolve, 1200));
  t.equal((await callApi(api, `/stocks/${sid}`)).status, 200);
  const again = await callApi(api, '/admin/stocks', { ...admin, body: { ...lamp, sid: String(sid) } });
  t.match(again.body, { code: 'stock_exists', status: 409 });
});

t.test('an invalid stock is refused', async (t) => {
  const closed = { opensAt: '2030-01-02T10:00:00Z', closesAt: '2030-01-02T10:00:00Z' };
  for (const wrong of [
    { name: '   ' },
    { count: 1e9 },
    { price: { amount: 1.5, currency: 'CNY' } },
    { currency: 'eur' },
    { currency: 'ABC' },
    closed,
  ]) {
    const { body } = await callApi(api, '/admin/stocks', { ...admin, body: { ...lamp, ...wrong } });
    t.equal(body.code, 'invalid_request', JSON.stringify(wrong));
  }
});

t.test('an invalid time is refused and changes nothing', async (t) => {
  const made = (body: unknown) => callApi(api, '/admin/stocks', { ...admin, body });
  const [[before]] = await mysql.raw('SELECT COUNT(*) AS n FROM stock');
  const sid = await createTestStock(mysql, { opensAtMs: Date.UTC(2030, 0, 1), closesAtMs: Date.UTC(2031, 0, 1) });
  const window = { opensAt: '2030-01-01T00:00:00.000Z', closesAt: '2031-01-01T00:00:00.000Z' };
  for (const time of [
    ...['2030-06-01T00:00:00+02', '2030-06-01T00:00:00+0200', '2030-06-01T00:00:00', '2030-06-01T00:00Z', '2030-06-01'],
    ...['2030-06-01 00:00:00Z', '2030-06-31T00:00:00Z', '2030-06-01T23:59:60Z', '1970-01-01T00:00:00Z', '', 'soon', 0],
  ]) {
    for (const field of ['opensAt', 'closesAt'] as const) {
      for (const answer of [await made({ ...lamp, [field]: time }), await patch(sid, { [field]: time })]) {
        t.match(answer.body, { status: 400, code: 'invalid_request' }, `${field} ${time}`);
      }
    }
  }
  t.match((await made({ ...lamp, opensAt: 'soon' })).body.errors, [{ field: 'opensAt', message: /RFC 3339/ }]);
  t.match((await patch(sid, { paused: false })).body, { ...window, state: 'upcoming', version: 1 }, 'as it was');
  const [[after]] = await mysql.raw('SELECT COUNT(*) AS n FROM stock');
  t.equal(after.n, before.n + 1);
  const elsewhere = await made({ ...lamp, opensAt: '2030-01-01T02:00:00+02:00', closesAt: null });
  t.match(elsewhere.body, { opensAt: window.opensAt, closesAt: null, state: 'upcoming' });
});

const patch = (sid: number, body: unknown) => callApi(api, `/admin/stocks/${sid}`, { ...admin, method: 'PATCH', body });

t.test('each change increases the version and is visible within two seconds', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  await callApi(api, `/stocks/${sid}`);
  const changes = [
    { name: 'A better lamp' },
    { price: { amount: 0, currency: 'CNY' } },
    { opensAt: '2020-01-01T00:00:00.000Z' },
    { closesAt: '2040-01-01T00:00:00.000Z' },
    { paused: true },
    { opensAt: null, closesAt: null },
  ];
  for (const [i, change] of changes.entries()) {
    const { status, body } = await patch(sid, change);
    t.equal(status, 200);
    t.match(body, { ...change, version: i + 1 });
  }
  await new Promise((resolve) => setTimeout(resolve, 1300));
  const { body } = await callApi(api, `/stocks/${sid}`);
  t.match(body, {
    name: 'A better lamp',
    price: { amount: 0, currency: 'CNY' },
    opensAt: null,
    closesAt: null,
    state: 'paused',
    left: 5,
  });
});

t.test('units are added and removed, never below the units sold', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  await mysql.raw('UPDATE stock SET sale = 3 WHERE id = ?', [sid]);
  t.match((await patch(sid, { addUnits: 10 })).body, { count: 15, sold: 3, left: 12 });
  t.match((await patch(sid, { addUnits: -12 })).body, { count: 3, left: 0, state: 'sold_out' });
  const refused = await patch(sid, { addUnits: -1, name: 'Not this' });
  t.match(refused.body, { code: 'units_sold', status: 409 });
  const [[row]] = await mysql.raw('SELECT name, count, sale, version FROM stock WHERE id = ?', [sid]);
  t.match(row, { name: 'A lamp', count: 3, sale: 3, version: 2 }, 'a refusal changes nothing');
});

t.test('an empty change, and a change of an unknown stock, are refused', async (t) => {
  const sid = await createTestStock(mysql);
  t.equal((await patch(sid, {})).body.code, 'invalid_request');
  t.equal((await patch(sid, { count: 5 })).body.code, 'invalid_request', 'units are added, not set');
  t.equal((await patch(sid, { addUnits: 1e9 })).body.code, 'invalid_request');
  t.equal((await patch(sid, { closesAt: '1960-01-01T00:00:00Z' })).body.code, 'invalid_request');
  const daysAgo = (days: number) => ({ closesAt: new Date(Date.now() - days * 86_400_000).toISOString() });
  t.match((await patch(sid, daysAgo(9))).body, { code: 'invalid_request', detail: /days ago/ });
  t.equal((await patch(sid, daysAgo(1))).status, 200);
  t.equal((await patch(888_888, { paused: true })).body.code, 'stock_not_found');
  const ladder = await createTestStock(mysql, { kind: 'ladder' });
  t.equal((await patch(ladder, { paused: true })).body.code, 'stock_not_found');
});

/** So many refused orders, each of a buyer of its own. */
async function fill(sid: number, buyers: string[]): Promise<void> {
  const plain = {
    name: 'A "lamp", red',
    state: 'sold_out',
    liveOrderNo: null,
    priceCents: 1999,
    decidedBy: 'log',
  } as const;
  const rest = { mintedAtMs: null, payByMs: null, partition: 0, offset: 1n };
  const orders = buyers.map((buyer, i) => ({ orderNo: `${sid}-${i}`, sid, buyer, ...plain, ...rest }));
  await database.session((session) => insertOrders(session, orders));
}

t.test('the orders of a stock are listed page by page, with their buyers', async (t) => {
  const sid = await createTestStock(mysql);
  await fill(sid, ['a', 'b', 'c', 'd', 'e']);
  const first = await callApi(api, `/admin/stocks/${sid}/orders?limit=3`, admin);
  t.match(first.body, { orders: [{ buyer: String, decidedBy: 'log' }, {}, {}], nextCursor: String });
  const second = await callApi(api, `/admin/stocks/${sid}/orders?limit=3&cursor=${first.body.nextCursor}`, admin);
  const buyers = [first, second].flatMap(({ body }) => (body.orders as { buyer: string }[]).map(({ buyer }) => buyer));
  t.same(buyers.sort(), ['a', 'b', 'c', 'd', 'e']);
  t.equal(second.body.nextCursor, null);
});

t.test('CSV has all orders in one file, and no field is a formula', async (t) => {
  const sid = await createTestStock(mysql);
  const dangerous = ['=1+1', '+1', '-1', '@SUM(A1)', 'a"b', 'a,b', 'a;=1', 'a;"-1'];
  await fill(sid, [...dangerous, ...Array.from({ length: 2492 }, (_, i) => `buyer-${i}`)]);
  const headers = { accept: 'text/csv' };
  const { status, headers: answered, text } = await callApi(api, `/admin/stocks/${sid}/orders`, { ...admin, headers });
  t.equal(status, 200);
  t.match(answered.get('content-type'), /^text\/csv/);
  t.match(answered.get('content-disposition'), `attachment; filename="orders-${sid}.csv"`);
  const lines = text.trimEnd().split('\r\n');
  t.equal(lines.length, 2501, 'a head and three pages');
  t.equal(new Set(lines).size, 2501);
  t.match(lines[0], /^orderNo,sid,buyer,name,state/);
  for (const shown of ["'=1+1", "'+1", "'-1", "'@SUM(A1)", '"a""b"', '"a,b"', '"a;\'=1"', '"a;\'""-1"']) {
    t.equal(
      lines.filter((line) => line.split(`,${sid},`)[1]?.startsWith(`${shown},"A ""lamp"", red"`)).length,
      1,
      shown,
    );
  }
  const none = await callApi(api, `/admin/stocks/${await createTestStock(mysql)}/orders`, { ...admin, headers });
  t.equal(none.text.trimEnd().split('\r\n').length, 1, 'only the head');
});

t.test('a spreadsheet shows ids unchanged', async (t) => {
  const sid = await createTestStock(mysql);
  const buyers = ['0012', '1E5', '1-2', '=1+1', 'a"b', 'x'.repeat(255)];
  await fill(sid, buyers);
  const path = `/admin/stocks/${sid}/orders`;
  const headers = { ...bearer('admin', { roles: ['admin'] }), accept: 'text/csv' };
  const bytes = Buffer.from(await (await fetch(`${api}${path}?for=spreadsheet`, { headers })).arrayBuffer());
  t.same([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'a byte order mark');
  const text = bytes.toString();
  for (const buyer of buyers) {
    const shown = `"=""${buyer.replaceAll('"', '""""')}"""`;
    t.ok(text.includes(`,"=""${sid}""",${shown},"A `), shown);
  }
  const { text: plain } = await callApi(api, path, { headers });
  t.match(plain, /^orderNo/);
  t.ok(plain.includes(`,${sid},0012,`));
  t.equal((await callApi(api, `${path}?for=print`, admin)).status, 400);
});

t.test('an aborted export frees its slot', async (t) => {
  const sid = await createTestStock(mysql);
  await fill(
    sid,
    Array.from({ length: 3000 }, (_, i) => `buyer-${i}`),
  );
  for (let i = 0; i < 12; i += 1) {
    const leaving = new AbortController();
    const headers = { ...bearer('admin', { roles: ['admin'] }), accept: 'text/csv' };
    const response = await fetch(`${api}/admin/stocks/${sid}/orders`, { headers, signal: leaving.signal });
    t.equal(response.status, 200);
    leaving.abort();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
});

t.test('formats other than JSON and CSV are not acceptable', async (t) => {
  const sid = await createTestStock(mysql);
  const ask = (accept: string) => callApi(api, `/admin/stocks/${sid}/orders`, { ...admin, headers: { accept } });
  t.equal((await ask('image/png')).body.code, 'not_acceptable');
  t.match((await ask('text/html,*/*;q=0.8')).body, { orders: [] });
  t.match((await ask('application/json, text/csv')).body, { orders: [] });
});
