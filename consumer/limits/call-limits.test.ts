import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { createTestRedisClient } from '../../ci/testing/servers/test-redis.ts';
import { createCallLimits } from './call-limits.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const provider = await startTestProvider(t, servers);
const redis = await createTestRedisClient(t, servers.redisUrl);

t.test('the calls of one buyer have one limit over all routes and consumers', async (t) => {
  const first = `${await startTestConsumer(t, servers, [provider])}/api/v1`;
  const two = `${await startTestConsumer(t, servers, [provider])}/api/v1`;
  const no = '1-00000000000000000000000000-0000000000';
  const calls: [string, string, string][] = [
    [first, 'GET', '/orders'],
    [two, 'POST', `/orders/${no}/payments`],
    [first, 'POST', `/orders/${no}/cancel`],
    [two, 'GET', `/orders/${no}`],
    [first, 'GET', `/orders/${no}/events`],
  ];
  const ask = (as: string) => Promise.all(calls.map(([base, method, path]) => callApi(base, path, { as, method })));
  t.same(
    (await ask('bot')).map(({ status }) => status),
    [200, 404, 404, 404, 404],
  );
  // No more than one call in a thousand seconds.
  await redis.set(redis.names.callLimit('bot'), '0.001');
  for (const answer of await ask('bot')) {
    t.match({ status: answer.status, code: answer.body.code }, { status: 429, code: 'too_many_requests' });
    t.match(answer.headers.get('retry-after'), /^\d+$/);
  }
  t.equal((await callApi(first, '/orders', { as: 'ann' })).status, 200, 'others have their own');
  await redis.set(redis.names.callLimit('admin'), '0.001');
  t.equal((await callApi(first, '/orders', { as: 'admin' })).status, 200, 'administrators are not counted');
});

t.test('the orders of one buyer have one limit over all stocks, also while Redis is away', async (t) => {
  const clock = fakeClock();
  const away = await createTestRedisClient(t, servers.redisUrl);
  away.destroy();
  const settings = { CALL_RATE: 1, CALL_BURST: 2, BUYER_TOTAL_RATE: 1, BUYER_TOTAL_BURST: 3 };
  const { limitCall: limit } = createCallLimits(clock, away, settings, () => undefined);
  const call = (method: string, url: string, buyer = 'bot', roles: string[] = []) =>
    limit({ method, routeOptions: { url }, identity: { buyer, roles } } as never).then(
      () => 'taken',
      (problem: { code: string }) => problem.code,
    );
  const order = () => call('POST', '/api/v1/stocks/:sid/orders');
  t.same(
    [await order(), await order(), await order(), await order()],
    [...Array(3).fill('taken'), 'too_many_requests'],
  );
  const list = () => call('GET', '/api/v1/orders');
  t.same([await list(), await list(), await list()], ['taken', 'taken', 'too_many_requests']);
  t.equal(await call('POST', '/api/v1/stocks/:sid/orders', 'ann'), 'taken');
  t.equal(await call('GET', '/api/v1/orders', 'bot', ['admin']), 'taken');
  await clock.advance(1000);
  t.same([await order(), await order()], ['taken', 'too_many_requests']);
});

t.test('a cursor is valid for its own list only', async (t) => {
  const base = `${await startTestConsumer(t, servers, [provider], { ORDER_WAIT_MS: '0' })}/api/v1`;
  const [sid, other] = [await createTestStock(mysql, { kind: 'sale' }), await createTestStock(mysql, { kind: 'sale' })];
  const rows = ['a', 'b', 'c'].map((no) => [`${sid}-${no}`, sid, 'kim', 'A lamp', 'expired', 1, 'log']);
  await mysql.raw(
    `INSERT INTO stock_order (order_no, sid, buyer, name, state, price_cents, decided_by) VALUES ${rows.map(() => '(?)').join(',')}`,
    rows as never[],
  );
  const first = await callApi(base, '/orders?limit=1', { as: 'kim' });
  const cursor = encodeURIComponent(String(first.body.nextCursor));
  t.equal((await callApi(base, `/orders?limit=1&cursor=${cursor}`, { as: 'kim' })).status, 200);
  const made = Buffer.from(`1 ${sid}-a`).toString('base64url');
  const wrong: [string, string][] = [
    [`/orders?cursor=${cursor}`, 'ann'],
    [`/orders?sid=${sid}&cursor=${cursor}`, 'kim'],
    [`/orders?cursor=${made}`, 'kim'],
    [`/orders?cursor=${made}.AAAAAAAAAAAAAAAA`, 'kim'],
    [`/admin/stocks/${other}/orders?cursor=${cursor}`, 'admin'],
  ];
  for (const [path, as] of wrong) {
    const answer = await callApi(base, path, { as });
    t.match({ status: answer.status, code: answer.body.code }, { status: 400, code: 'invalid_request' }, path);
  }
});
