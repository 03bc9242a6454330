import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { sellUnits } from '../../ci/testing/orders/sell-units.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const url = await startTestConsumer(t, servers, [await startTestProvider(t, servers)]);
const api = `${url}/api/v1`;
const admin = { as: 'admin' };

const remove = (sid: number) => callApi(api, `/admin/stocks/${sid}`, { ...admin, method: 'DELETE' });
const buy = (sid: number, buyer: string) => callApi(api, `/stocks/${sid}/orders`, { as: buyer, body: {} });
const sidsOf = ({ body }: { body: Record<string, unknown> }) =>
  (body.stocks as { sid: string }[]).map(({ sid }) => Number(sid));

const gone = (what: string, look: () => Promise<boolean>) =>
  waitUntil(
    what,
    async () => {
      if (!(await look())) throw new Error('not yet');
    },
    { limitMs: 10_000 },
  );

t.test('a stock without orders is removed for good', async (t) => {
  const sid = await createTestStock(mysql);
  t.equal((await callApi(api, `/stocks/${sid}`)).status, 200);
  const removed = await remove(sid);
  t.equal(removed.status, 204, removed.text);
  t.equal(removed.text, '');
  t.equal(await mysql('stock').where({ id: sid }).first(), undefined);
  await gone('the address to be gone', async () => (await callApi(api, `/stocks/${sid}`)).status === 404);
  t.match((await buy(sid, 'ann')).body, { code: 'stock_not_found' });
  t.match((await remove(sid)).body, { status: 404, code: 'stock_not_found' });
  t.match(await mysql('admin_action').where({ target: String(sid) }), [{ action: 'removeStock', subject: 'admin' }]);
});

t.test('a stock with orders, also refused ones, is not removed', async (t) => {
  const sold = await createTestStock(mysql);
  await sellUnits(mysql, sold, ['ann']);
  t.match((await remove(sold)).body, { status: 409, code: 'stock_has_orders' });
  const empty = await createTestStock(mysql);
  const refused = {
    order_no: `${empty}-1`,
    sid: empty,
    buyer: 'ann',
    name: 'A lamp',
    state: 'sold_out',
    price_cents: 1,
  };
  await mysql('stock_order').insert({ ...refused, decided_by: 'direct' });
  t.match((await remove(empty)).body, { status: 409, code: 'stock_has_orders' });
  t.match(await mysql('stock').where({ id: empty }).first(), { version: 0 });
});

t.test('a stock of the ladder is 404', async (t) => {
  const sid = await createTestStock(mysql, { kind: 'ladder' });
  t.match((await remove(sid)).body, { status: 404, code: 'stock_not_found' });
});

t.test('a hidden stock is listed for administrators only; its URL and its orders work', async (t) => {
  const sid = await createTestStock(mysql);
  const patch = (hidden: boolean) =>
    callApi(api, `/admin/stocks/${sid}`, { ...admin, method: 'PATCH', body: { hidden } });
  t.match((await patch(true)).body, { hidden: true, version: 1 });
  await gone('the list to leave it out', async () => !sidsOf(await callApi(api, '/stocks')).includes(sid));
  t.notOk(sidsOf(await callApi(api, '/stocks?state=open')).includes(sid));
  const one = await callApi(api, `/stocks/${sid}`);
  t.match(one.body, { sid: String(sid), state: 'open' });
  t.notOk('hidden' in one.body);
  await sellUnits(mysql, sid, ['ann']);
  t.match((await callApi(api, `/admin/stocks/${sid}/orders`, admin)).body, { orders: [{ buyer: 'ann' }] });
  const { body } = await callApi(api, '/admin/stocks', admin);
  t.match(
    (body.stocks as { sid: string }[]).find((stock) => stock.sid === String(sid)),
    { hidden: true, sold: 1 },
  );
  t.match((await patch(false)).body, { hidden: false });
  await gone('the list to show it', async () => sidsOf(await callApi(api, '/stocks')).includes(sid));
});

t.test('the list of administrators has all stocks, newest first, page by page', async (t) => {
  for (let i = 0; i < 5; i += 1) await createTestStock(mysql);
  const sids: number[] = [];
  let cursor: unknown = '';
  while (cursor !== null) {
    const page = await callApi(api, `/admin/stocks?limit=2${cursor && `&cursor=${cursor}`}`, admin);
    sids.push(...sidsOf(page));
    cursor = page.body.nextCursor;
  }
  const rows = await mysql('stock').where({ kind: 'sale' }).orderBy('id', 'desc');
  t.same(
    sids,
    rows.map(({ id }: { id: number }) => id),
  );
  t.equal((await callApi(api, '/admin/stocks', { as: 'ann' })).status, 403);
});

t.test('a pending order of a removed stock ends without a unit', async (t) => {
  const sid = await createTestStock(mysql);
  // No worker decides here.
  const pending = await buy(sid, 'ann');
  t.equal(pending.status, 202);
  t.equal((await remove(sid)).status, 204);
  await gone('the stock to be gone', async () => (await callApi(api, `/stocks/${sid}`)).status === 404);
  const asked = await callApi(api, `/orders/${pending.body.orderNo}`, { as: 'ann' });
  t.match(asked.body, { status: 404 }, asked.text);
  t.same(await mysql('stock_order').where({ sid }), []);
});
