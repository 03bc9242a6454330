import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const api = `${await startTestConsumer(t, servers, [await startTestProvider(t, servers)])}/api/v1`;
const admin = { as: 'admin' };
const read = (sid: number) => callApi(api, `/admin/stocks/${sid}`, admin);
const patch = (sid: number, ifMatch: string, body: object) =>
  callApi(api, `/admin/stocks/${sid}`, { ...admin, method: 'PATCH', body, headers: { 'if-match': ifMatch } });

t.test('a stock is read from the database, also a hidden one, with its version as ETag', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  t.match(await read(sid), { status: 200, body: { version: 0, hidden: false, left: 5 } });
  await mysql.raw('UPDATE stock SET hidden = TRUE, sale = 2, version = 7 WHERE id = ?', [sid]);
  const answer = await read(sid);
  t.match(answer.body, { version: 7, hidden: true, left: 3 }, 'not from a cache');
  t.equal(answer.headers.get('etag'), '"7"');
  t.equal(answer.headers.get('cache-control'), 'no-store');
  const ladder = await createTestStock(mysql, { kind: 'ladder' });
  for (const unknown of [ladder, 4242]) t.match((await read(unknown)).body, { code: 'stock_not_found' });
});

t.test('of two changes of the same version one is made', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  const answers = await Promise.all(Array.from({ length: 8 }, () => patch(sid, '"0"', { addUnits: 10 })));
  t.same(answers.map(({ status }) => status).toSorted(), [200, ...Array(7).fill(412)]);
  t.equal(answers.find(({ status }) => status === 200)?.headers.get('etag'), '"1"');
  t.match(answers.find(({ status }) => status === 412)?.body, {
    code: 'version_mismatch',
    type: '/problems/version_mismatch',
  });
  t.match((await read(sid)).body, { count: 15, version: 1 });
});

t.test('a tag that is not the version changes nothing, and * is any version', async (t) => {
  const sid = await createTestStock(mysql, { count: 5 });
  for (const tag of ['"1"', 'W/"0"', '0', '"0", "1"', '"00"', '""', '"-1"', '"1e3"', '"9999999999999999"', 'x']) {
    t.equal((await patch(sid, tag, { paused: true })).status, 412, tag);
  }
  t.match((await read(sid)).body, { paused: false, version: 0 });
  t.equal((await patch(sid, '*', { paused: true })).status, 200);
  t.equal((await patch(sid, '"1"', { paused: false })).status, 200);
  t.match((await patch(4242, '"0"', { paused: true })).body, { code: 'stock_not_found' });
});
