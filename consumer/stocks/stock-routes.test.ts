import t from 'tap';
import { type ApiAnswer, callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import { stockState } from './stock-view.ts';

const servers = await createTestServers(t);
const { mysql } = servers;
const url = await startTestConsumer(t, servers, [await startTestProvider(t, servers)]);
const api = `${url}/api/v1`;
const hour = 3_600_000;

t.test('a stock has all fields, is public, and is cacheable for a second', async (t) => {
  const opensAtMs = Date.now() - hour;
  const sid = await createTestStock(mysql, {
    name: 'Ünïcode lämp',
    count: 8,
    opensAtMs,
    closesAtMs: opensAtMs + 2 * hour,
  });
  await mysql.raw('UPDATE stock SET sale = 3 WHERE id = ?', [sid]);
  const { status, headers, body } = await callApi(api, `/stocks/${sid}`);
  t.equal(status, 200);
  t.same(body, {
    sid: String(sid),
    name: 'Ünïcode lämp',
    price: { amount: 1999, currency: 'CNY' },
    compareAtPrice: null,
    maxPerOrder: 1,
    reference: null,
    description: null,
    pictureUrl: null,
    count: 8,
    sold: 3,
    left: 5,
    mode: 'rush',
    entriesOpenAt: null,
    entriesCloseAt: null,
    line: null,
    state: 'open',
    paused: false,
    opensAt: new Date(opensAtMs).toISOString(),
    closesAt: new Date(opensAtMs + 2 * hour).toISOString(),
  });
  t.equal(headers.get('cache-control'), 'public, max-age=1');
});

t.test('the state follows window, pause and units', async (t) => {
  const now = Date.now();
  const states: [string, Parameters<typeof createTestStock>[1]][] = [
    ['open', {}],
    ['upcoming', { opensAtMs: now + hour, count: 0 }],
    ['closed', { closesAtMs: now - hour, paused: true }],
    ['paused', { paused: true, count: 0 }],
    ['sold_out', { count: 0 }],
  ];
  for (const [state, stock] of states) {
    const { body } = await callApi(api, `/stocks/${await createTestStock(mysql, stock)}`);
    t.equal(body.state, state);
    t.equal(body.paused, stock?.paused ?? false, 'the pause is shown in every state');
  }
});

t.test('the start and the end of the window are exact', async (t) => {
  const stock = { opensAtMs: 1000, closesAtMs: 2000, paused: false, sale: 0, count: 1 } as Stock;
  t.same(
    [999, 1000, 1999, 2000].map((nowMs) => stockState(stock, nowMs)),
    ['upcoming', 'open', 'open', 'closed'],
  );
});

t.test('a stock opens on time by the database’s clock', async (t) => {
  const opensAtMs = Date.now() + 1200;
  const sid = await createTestStock(mysql, { opensAtMs });
  const seen = new Set<unknown>();
  while (Date.now() < opensAtMs + 300) {
    const { body } = await callApi(api, `/stocks/${sid}`);
    if (body.state === 'open') t.ok(Date.now() >= opensAtMs - 50, 'not before');
    seen.add(body.state);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  t.same([...seen], ['upcoming', 'open']);
});

t.test('If-None-Match gets 304 until the stock changes', async (t) => {
  const sid = await createTestStock(mysql);
  const first = await callApi(api, `/stocks/${sid}`);
  const tag = first.headers.get('etag') ?? '';
  t.match(tag, /^W\/"/);
  const again = await callApi(api, `/stocks/${sid}`, { headers: { 'if-none-match': `"x", ${tag}` } });
  t.equal(again.status, 304);
  t.equal(again.text, '');
  await mysql.raw('UPDATE stock SET sale = 1, version = version + 1 WHERE id = ?', [sid]);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const changed = await callApi(api, `/stocks/${sid}`, { headers: { 'if-none-match': tag } });
  t.equal(changed.status, 200);
  t.equal(changed.body.sold, 1);
});

t.test('stocks that are not for sale are 404', async (t) => {
  const ladder = await createTestStock(mysql, { kind: 'ladder' });
  for (const sid of [ladder, 999_999_999_999]) {
    t.match((await callApi(api, `/stocks/${sid}`)).body, { code: 'stock_not_found', status: 404 });
  }
  for (const sid of ['0', '-1', 'x', '9007199254740992']) {
    t.equal((await callApi(api, `/stocks/${sid}`)).body.code, 'invalid_request', sid);
  }
});

t.test('the list has all stocks for sale, newest first, page by page', async (t) => {
  await Promise.all(Array.from({ length: 105 }, () => createTestStock(mysql)));
  const ladder = await createTestStock(mysql, { kind: 'ladder' });
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const sids: number[] = [];
  let cursor: unknown = '';
  let pages = 0;
  do {
    const { status, headers, body } = await callApi(api, `/stocks${cursor ? `?cursor=${cursor}` : ''}`);
    t.equal(status, 200);
    t.match(headers.get('etag'), /^W\//);
    sids.push(...(body.stocks as { sid: string }[]).map(({ sid }) => Number(sid)));
    cursor = body.nextCursor;
    pages += 1;
  } while (cursor !== null && pages < 10);
  const [rows] = await mysql.raw(
    `SELECT id FROM stock WHERE kind = 'sale'
     ORDER BY CASE WHEN opens_at > NOW(3) THEN 0 WHEN closes_at <= NOW(3) THEN 1 WHEN paused THEN 0
       WHEN sale >= count THEN 1 ELSE 0 END, id DESC`,
  );
  t.same(
    sids,
    rows.map(({ id }: { id: number }) => id),
  );
  t.notOk(sids.includes(ladder));
  const small = await callApi(api, '/stocks?limit=2');
  t.equal(small.headers.get('link'), `</api/v1/stocks?limit=2&cursor=${small.body.nextCursor}>; rel="next"`);
  const second = await callApi(api, `/stocks?limit=2&cursor=${small.body.nextCursor}`);
  const shown = [small, second].flatMap(({ body }) => (body.stocks as { sid: string }[]).map(({ sid }) => Number(sid)));
  t.same(shown, sids.slice(0, 4));
});

t.test('an open sale is on the first page, before newer closed ones, and states can be selected', async (t) => {
  const open = await createTestStock(mysql);
  await mysql.raw('UPDATE stock SET opens_at = NULL, closes_at = NOW(3) - INTERVAL 1 HOUR WHERE id <> ?', [open]);
  const closed = await Promise.all(Array.from({ length: 101 }, () => createTestStock(mysql)));
  await mysql.raw('UPDATE stock SET closes_at = NOW(3) - INTERVAL 1 MINUTE WHERE id IN (?)', [closed as never]);
  await new Promise((resolve) => setTimeout(resolve, 1100));
  const sidsOf = (answer: ApiAnswer) => (answer.body.stocks as { sid: string }[]).map(({ sid }) => Number(sid));
  const all = await callApi(api, '/stocks');
  t.equal(sidsOf(all)[0], open);
  t.same(sidsOf(await callApi(api, '/stocks?state=open,upcoming')), [open]);
  const over = await callApi(api, '/stocks?state=closed');
  t.notOk(sidsOf(over).includes(open));
  t.equal(sidsOf(over).length, 100);
  for (const wrong of ['state=nothing', 'state=', 'cursor=7', `state=open&cursor=${over.body.nextCursor}`]) {
    const answer = await callApi(api, `/stocks?${wrong}`);
    t.match({ status: answer.status, code: answer.body.code }, { status: 400, code: 'invalid_request' }, wrong);
  }
});

t.test('many concurrent readers get the same answer', async (t) => {
  const sid = await createTestStock(mysql);
  const answers = await Promise.all(Array.from({ length: 200 }, () => callApi(api, `/stocks/${sid}`)));
  t.equal(new Set(answers.map(({ text }) => text)).size, 1);
});
