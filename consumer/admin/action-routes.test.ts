import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { createPool } from '../../ci/testing/servers/test-database.ts';
import { createTestRedisClient } from '../../ci/testing/servers/test-redis.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const api = `${await startTestConsumer(t, servers, [await startTestProvider(t, servers)])}/api/v1`;
const redis = await createTestRedisClient(t, servers.redisUrl);
// A runner of experiments.
await redis.set(redis.names.experimentRunner, 'this test');

type Call = { method?: string; body?: unknown; headers?: Record<string, string> };
type Line = { actionId: string; at: string; who: string; roles: string[]; action: string; target: string };

const as = (who: string, ...roles: string[]) => bearer(who, { roles });
const call = (who: { authorization: string }, path: string, { headers, ...rest }: Call = {}) =>
  callApi(api, path, { ...rest, headers: { ...who, ...headers } });
const list = async (query = '') => (await call(as('vera', 'viewer'), `/admin/actions${query}`)).body;
const lines = async () => (await list()).actions as Line[];
const count = async () => Number((await mysql('admin_action').count('* as n'))[0]?.n);

const olga = as('olga', 'operator', 'viewer', 'clown');
const fin = as('fin', 'finance');
const csv = { headers: { accept: 'text/csv' } };

async function paidOrder(sid: number): Promise<string> {
  const [orderNo = ''] = await sellUnits(mysql, sid, ['ann']);
  await mysql('stock_order')
    .where({ order_no: orderNo })
    .update({ state: 'paid', paid_at: mysql.fn.now(3) });
  return orderNo;
}

/** Simulates a running audit of the stock in another process. */
const auditElsewhere = (sid: number) =>
  mysql.raw(
    `UPDATE audit_job SET sid = ?, run_id = 'elsewhere', state = 'running', started_at = NOW(3), seen_at = NOW(3) + INTERVAL 1 HOUR
     WHERE slot = 20`,
    [sid],
  );

t.test('each action has one entry with actor, action, target and fields', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  const audited = await createTestStock(mysql);
  await auditElsewhere(audited);
  const orderNo = await paidOrder(sid);
  const experiment = { ways: ['optimistic'], buyers: 4, units: 1 };
  const lamp = { name: 'A lamp', count: 3, opensAt: '2030-01-01T00:00:00.000Z' };
  const price = { amount: 5, currency: 'EUR' };
  const change = { paused: true, addUnits: 2, closesAt: null };
  const done: [who: { authorization: string }, path: string, call: Call, expected: object][] = [
    [
      olga,
      '/admin/stocks',
      { body: { ...lamp, price, sid: '4711' } },
      { action: 'createStock', target: '4711', detail: lamp },
    ],
    [
      ...([olga, `/admin/stocks/${sid}`, { method: 'PATCH', body: change }] as const),
      { action: 'updateStock', target: `${sid}`, detail: change },
    ],
    [fin, `/admin/stocks/${sid}/orders`, csv, { action: 'exportOrders', target: `${sid}`, who: 'fin' }],
    [
      ...([fin, `/admin/orders/${orderNo}/refunds`, { body: { reason: 'broken' } }] as const),
      { action: 'refundOrder', target: orderNo, detail: { reason: 'broken' }, who: 'fin', roles: ['finance'] },
    ],
    [olga, `/admin/stocks/${sid}/audit`, { method: 'POST' }, { action: 'startAudit', target: `${sid}`, detail: {} }],
    [olga, `/admin/stocks/${audited}/audit`, { method: 'DELETE' }, { action: 'cancelAudit', target: `${audited}` }],
    [olga, '/admin/experiments', { body: experiment }, { action: 'startExperiment', detail: experiment }],
  ];
  for (const [who, path, how, expected] of done) {
    const before = await count();
    const answer = await call(who, path, how);
    t.ok(answer.status < 300, answer.text);
    t.equal(await count(), before + 1, path);
    const [line] = await lines();
    t.match(line, { who: 'olga', requestId: answer.headers.get('x-request-id'), ...expected }, path);
    t.ok(Math.abs(Date.parse(String(line?.at)) - Date.now()) < 60_000);
  }
  t.same((await lines()).find(({ action }) => action === 'createStock')?.roles, ['operator'], 'those that allowed it');
});

t.test('a call that is refused or changes nothing has no entry', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  const paid = await paidOrder(sid);
  const refund = { body: { reason: 'broken' } };
  t.equal((await call(fin, `/admin/orders/${paid}/refunds`, refund)).status, 201);
  await auditElsewhere(sid);
  await redis.set(redis.names.experimentRunning, 'another');
  const before = await count();
  const refused: [who: { authorization: string }, path: string, call: Call, status: number][] = [
    [fin, `/admin/stocks/${sid}`, { method: 'PATCH', body: { paused: true } }, 403],
    [as('ann'), `/admin/stocks/${sid}/orders`, csv, 403],
    [olga, `/admin/stocks/${sid}`, { method: 'PATCH', body: { addUnits: -9 } }, 409],
    [olga, '/admin/stocks/4040', { method: 'PATCH', body: { paused: true } }, 404],
    [
      olga,
      '/admin/stocks',
      { body: { sid: String(sid), name: 'x', count: 1, price: { amount: 1, currency: 'EUR' } } },
      409,
    ],
    [fin, `/admin/orders/${paid}/refunds`, refund, 200],
    [fin, '/admin/orders/1-none/refunds', refund, 404],
    [fin, '/admin/stocks/4040/orders', csv, 404],
    [fin, `/admin/stocks/${sid}/orders`, {}, 200],
    [olga, '/admin/stocks/4040/audit', { method: 'POST' }, 404],
    [olga, `/admin/stocks/${sid}/audit`, { method: 'POST' }, 202],
    [olga, '/admin/stocks/4040/audit', { method: 'DELETE' }, 404],
    [olga, '/admin/experiments', { body: { ways: ['optimistic'], buyers: 4, units: 1 } }, 409],
  ];
  for (const [who, path, how, status] of refused) t.equal((await call(who, path, how)).status, status, path);
  t.equal(await count(), before);
});

t.test('a change without its entry is rolled back', async (t) => {
  const sid = await createTestStock(mysql, { count: 1 });
  await mysql.raw('RENAME TABLE admin_action TO admin_action_away');
  t.teardown(() => mysql.raw('RENAME TABLE admin_action_away TO admin_action').catch(() => undefined));
  t.equal((await call(olga, `/admin/stocks/${sid}`, { method: 'PATCH', body: { paused: true } })).status, 500);
  t.equal(
    (
      await call(olga, '/admin/stocks', {
        body: { sid: '4712', name: 'x', count: 1, price: { amount: 1, currency: 'EUR' } },
      })
    ).status,
    500,
  );
  t.equal((await call(fin, `/admin/stocks/${sid}/orders`, csv)).status, 500);
  await mysql.raw('RENAME TABLE admin_action_away TO admin_action');
  t.match(await mysql('stock').where({ id: sid }).first(), { paused: 0 });
  t.equal(await mysql('stock').where({ id: 4712 }).first(), undefined);
});

t.test('the log is listed page by page, newest first, with cursors of its own', async (t) => {
  const all = await lines();
  t.ok(all.length >= 7);
  const found: Line[] = [];
  for (let query = '?limit=3'; query; ) {
    const page = await list(query);
    found.push(...(page.actions as Line[]));
    query = page.nextCursor ? `?limit=3&cursor=${page.nextCursor}` : '';
  }
  t.same(found, all);
  t.same(
    found.map(({ actionId }) => actionId),
    found.map(({ actionId }) => actionId).sort((a, b) => Number(b) - Number(a)),
  );
  t.match(await list('?cursor=5'), { status: 400, code: 'invalid_request' });
  t.match(await list('?limit=1001'), { status: 400, code: 'invalid_request' });
});

t.test('the log of one stock has its changes and those of its orders', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  // A stock whose id begins alike, and a webhook with the same id.
  const other = await createTestStock(mysql, { sid: sid * 10, count: 5 });
  const orderNo = await paidOrder(sid);
  for (const id of [sid, other]) {
    await call(olga, `/admin/stocks/${id}`, { method: 'PATCH', body: { price: { amount: 7, currency: 'CNY' } } });
  }
  const ofWebhook = { action: 'removeWebhook', target: String(sid), detail: '{}' };
  await mysql('admin_action').insert({ subject: 'olga', roles: 'admin', request_id: 'r', ...ofWebhook });
  await call(fin, `/admin/orders/${orderNo}/refunds`, { body: { reason: 'broken' } });
  const targets = async (query: string) => ((await list(query)).actions as Line[]).map(({ target }) => target);
  t.same(await targets(`?sid=${sid}`), [orderNo, String(sid)]);
  t.same(await targets(`?sid=${other}`), [String(other)]);
  const page = await list(`?sid=${sid}&limit=1`);
  t.same(await targets(`?sid=${sid}&cursor=${page.nextCursor}`), [String(sid)]);
  t.match(await list(`?sid=${other}&cursor=${page.nextCursor}`), { status: 400 }, 'of another list');
  t.match(await list('?sid=0'), { status: 400, code: 'invalid_request' });
});

t.test('the database users can neither change nor delete an entry', async (t) => {
  const processes = createPool(t, servers.mysqlUrl, 1);
  for (const statement of [`UPDATE admin_action SET subject = 'ann'`, 'DELETE FROM admin_action']) {
    await t.rejects(processes.raw(statement), { code: 'ER_TABLEACCESS_DENIED_ERROR' }, statement);
  }
});
