import t from 'tap';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { testSecrets } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { waitForStatements } from '../../ci/testing/wait-for-statements.ts';
import { insertOrders, type NewOrder } from '../../db/orders/order-table.ts';
import { mintOrderNumber } from '../../proto/messages/order-number.ts';
import { unreadOrderView } from './order-view.ts';

const servers = await createTestServers(t);
const { mysql, database } = servers;
const url = await startTestConsumer(t, servers, [await startTestProvider(t, servers)]);
const api = `${url}/api/v1`;

const mint = (sid: number, buyer: string) => mintOrderNumber(testSecrets.ORDER_NO_KEY, sid, buyer);

/** A row as the worker would write it. */
async function insert(sid: number, buyer: string, row: Partial<NewOrder> = {}): Promise<string> {
  const orderNo = mint(sid, buyer);
  const plain = {
    name: 'A lamp',
    state: 'awaiting_payment',
    liveOrderNo: null,
    priceCents: 1999,
    decidedBy: 'log',
  } as const;
  const log = { mintedAtMs: Date.now(), payByMs: Date.now() + 600_000, partition: 0, offset: 1n };
  const order: NewOrder = { orderNo, sid, buyer, ...plain, ...log, ...row };
  await database.session((session) => insertOrders(session, [order]));
  return orderNo;
}

t.test('an order has its times and the seconds left to pay', async (t) => {
  const sid = await createTestStock(mysql);
  const orderNo = await insert(sid, 'ann');
  const { status, headers, body } = await callApi(api, `/orders/${orderNo}`, { as: 'ann' });
  t.equal(status, 200);
  t.equal(headers.get('cache-control'), 'no-store');
  const expected = { orderNo, sid: String(sid), name: 'A lamp', state: 'awaiting_payment', decision: 'confirmed' };
  const price = { amount: 1999, currency: 'CNY' };
  t.match(body, { ...expected, unitPrice: price, total: price, paidAt: null, endedAt: null, activeOrderNo: null });
  t.match(body.payBy, /^\d{4}-.*Z$/);
  t.ok(Number(body.secondsLeftToPay) > 590 && Number(body.secondsLeftToPay) <= 600);
});

t.test('concurrent lists of several buyers share one read', async (t) => {
  // The lock is held for longer than the usual statement deadline.
  const patient = await startTestProvider(t, servers, { MYSQL_STATEMENT_MS: '20000' });
  const held = `${await startTestConsumer(t, servers, [patient], { CALL_DEADLINE_MS: '2990' })}/api/v1`;
  const sid = await createTestStock(mysql);
  const buyers = Array.from({ length: 40 }, (_, i) => `buyer-${i}`);
  const orderNos = await Promise.all(buyers.map((buyer) => insert(sid, buyer)));
  const holder = await mysql.client.acquireConnection();
  await mysql.raw('LOCK TABLES stock_order WRITE').connection(holder);
  const answers = buyers.map((as) => callApi(held, '/orders', { as }));
  try {
    await waitForStatements(mysql, '%page0%', 1);
  } finally {
    await mysql.raw('UNLOCK TABLES').connection(holder);
    await mysql.client.releaseConnection(holder);
  }
  for (const [i, { status, body }] of (await Promise.all(answers)).entries()) {
    t.equal(status, 200);
    t.match(body, { orders: [{ orderNo: orderNos[i] }], nextCursor: null });
  }
});

t.test('an order that is paid or has ended has no seconds left to pay', async (t) => {
  const sid = await createTestStock(mysql);
  for (const [buyer, state] of [
    ['bob', 'paid'],
    ['cid', 'expired'],
    ['dan', 'cancelled'],
  ] as const) {
    const orderNo = await insert(sid, buyer, { state });
    await mysql.raw('UPDATE stock_order SET paid_at = NOW(3), ended_at = NOW(3) WHERE order_no = ?', [orderNo]);
    const { body } = await callApi(api, `/orders/${orderNo}`, { as: buyer });
    t.match(body, { state, payBy: null, secondsLeftToPay: null, paidAt: String, endedAt: String });
  }
});

t.test('orders of other buyers and invalid numbers are 404', async (t) => {
  const sid = await createTestStock(mysql);
  const orderNo = await insert(sid, 'ann');
  const forged = `${orderNo.slice(0, -1)}${orderNo.endsWith('0') ? '1' : '0'}`;
  for (const [no, as] of [
    [orderNo, 'bob'],
    [forged, 'ann'],
    ['1-2-3', 'ann'],
    ['x'.repeat(150), 'ann'],
    [orderNo, 'Ann'],
  ]) {
    const { status, body } = await callApi(api, `/orders/${no}`, { as: as as string });
    t.same([status, body.code], [404, 'order_not_found'], `${no} as ${as}`);
  }
  t.equal((await callApi(api, `/orders/${orderNo}`)).body.code, 'unauthorized');
  t.equal((await callApi(api, `/orders/${orderNo}`, { as: 'admin' })).body.code, 'order_not_found');
});

t.test('a valid number without a row is pending', async (t) => {
  const sid = await createTestStock(mysql);
  const orderNo = mint(sid, 'eve');
  const { status, headers, body } = await callApi(api, `/orders/${orderNo}`, { as: 'eve' });
  t.equal(status, 200);
  t.same(body, unreadOrderView({ orderNo, sid }));
  t.match(body, { sid: String(sid), state: 'pending', decision: null });
  t.equal(headers.get('retry-after'), '1');
});

t.test('Prefer: wait bounds the wait for a decision that does not come', async (t) => {
  const sid = await createTestStock(mysql);
  const sinceMs = performance.now();
  const headers = { prefer: 'wait=1' };
  const answer = await callApi(api, `/orders/${mint(sid, 'ida')}`, { as: 'ida', headers });
  t.match(answer.body, { state: 'pending' });
  t.equal(answer.headers.get('preference-applied'), 'wait=1');
  t.ok(performance.now() - sinceMs >= 990);
});

t.test('a duplicate names the active order', async (t) => {
  const sid = await createTestStock(mysql);
  const live = await insert(sid, 'fay');
  const duplicate = await insert(sid, 'fay', { state: 'duplicate', liveOrderNo: live, payByMs: null });
  const { headers, body } = await callApi(api, `/orders/${duplicate}`, { as: 'fay' });
  t.match(body, { orderNo: duplicate, state: 'duplicate', decision: 'duplicate', activeOrderNo: live });
  t.equal(headers.get('link'), `</api/v1/orders/${live}>; rel="related"`);
});

t.test('the list has all orders of the buyer and no others, newest first, page by page', async (t) => {
  const sids = await Promise.all(Array.from({ length: 7 }, () => createTestStock(mysql)));
  const made: string[] = [];
  for (const sid of sids) made.push(await insert(sid, 'gus'), (await insert(sid, 'other')).slice(0, 0));
  const seen: string[] = [];
  let cursor: unknown = null;
  let pages = 0;
  do {
    const { body } = await callApi(api, `/orders?limit=3${cursor ? `&cursor=${cursor}` : ''}`, { as: 'gus' });
    seen.push(...(body.orders as { orderNo: string }[]).map(({ orderNo }) => orderNo));
    cursor = body.nextCursor;
    pages += 1;
  } while (cursor !== null && pages < 10);
  t.equal(pages, 3);
  t.same(new Set(seen), new Set(made.filter(Boolean)));
  t.equal(seen.length, 7);
  const { headers, body } = await callApi(api, `/orders?limit=3&sid=${sids[2]}`, { as: 'gus' });
  t.same([headers.get('link'), body.nextCursor], [null, null], 'the only page');
  const first = await callApi(api, '/orders?limit=3', { as: 'gus' });
  t.equal(first.headers.get('link'), `</api/v1/orders?limit=3&cursor=${first.body.nextCursor}>; rel="next"`);
  t.match(first.body.nextCursor, /^[\w-]+$/, 'opaque');
  const listed = async (query: string) => {
    const { status, text, body } = await callApi(api, `/orders?${query}`, { as: 'gus' });
    t.equal(status, 200, text);
    return (body.orders as { orderNo: string }[]).length;
  };
  t.equal(await listed('state=awaiting_payment,paid'), 7);
  t.equal(await listed('state=paid'), 0);
  t.equal(await listed('to=2020-01-01T00:00:00Z'), 0);
  t.equal(await listed(`from=2020-01-01T00:00:00Z&sid=${sids[1]}`), 1);
  const some = await callApi(api, '/orders?state=awaiting_payment&limit=3', { as: 'gus' });
  const rest = `/orders?state=awaiting_payment&limit=9&cursor=${some.body.nextCursor}`;
  t.equal(((await callApi(api, rest, { as: 'gus' })).body.orders as object[]).length, 4);
  t.equal((await callApi(api, `/orders?cursor=${some.body.nextCursor}`, { as: 'gus' })).status, 400, 'of another list');
  t.equal((await callApi(api, '/orders?state=pending', { as: 'gus' })).status, 400);
  const page = await callApi(api, `/orders?sid=${sids[2]}`, { as: 'gus' });
  t.match(page.body, { orders: [{ sid: String(sids[2]) }], nextCursor: null });
  t.same((await callApi(api, '/orders', { as: 'nobody' })).body, { orders: [], nextCursor: null });
});
