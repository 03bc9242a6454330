import t from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { bearer, testSecrets } from '../../ci/testing/clients/create-token.ts';
import { type Listener, listenToEvents } from '../../ci/testing/clients/listen-to-events.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../../ci/testing/orders/wait-for-log.ts';
import { createTestServers, type TestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { startTestProxy } from '../../ci/testing/servers/test-proxy.ts';
import { mintOrderNumber } from '../../proto/messages/order-number.ts';

let servers: TestServers;
let provider: number;
let url: string;

t.before(async () => {
  servers = await createTestServers(t);
  provider = await startTestProvider(t, servers);
  await startTestWorker(t, servers);
  url = await startTestConsumer(t, servers, [provider]);
  await waitForLog(t, servers, provider);
});

const stockEvents = (sid: number, base = url) => `${base}/api/v1/stocks/${sid}/events`;
const change = (sql: string, values: unknown[]) => servers.database.session((session) => session.change(sql, values));

async function buy(sid: number, buyer: string, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/api/v1/stocks/${sid}/orders`, {
    method: 'POST',
    headers: { ...bearer(buyer), ...headers },
  });
  return { status: response.status, body: (await response.json()) as { orderNo: string } };
}

t.test('a stream sends the stock at once, and then every unit sold', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 2 });
  const listener = await listenToEvents(t, stockEvents(sid));
  t.equal(listener.status, 200);
  t.match(listener.headers, { 'content-type': /^text\/event-stream/, 'cache-control': 'no-store' });
  const first = await listener.find('the first event', () => true);
  t.match(first, {
    id: '0',
    event: 'stock',
    data: { sid: String(sid), state: 'open', left: 2, count: 2, ordersPerSecond: 0 },
  });
  t.equal((await buy(sid, 'ann')).status, 201);
  t.match((await listener.find('one left', ({ data }) => data.left === 1)).data, { state: 'open', sold: 1 });
  t.equal((await buy(sid, 'bob')).status, 201);
  const last = await listener.find('none left', ({ data }) => data.left === 0);
  t.match(last.data, { state: 'sold_out' });
  t.ok(listener.events.some(({ data }) => Number(data.ordersPerSecond) > 0));
  await listener.find('the rate to fall', (event) => event.data.left === 0 && event.data.ordersPerSecond === 0);
  t.match(listener.others[0], /^retry: \d+$/);
});

t.test('a version that was seen is not sent again', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 5 });
  const seen = await listenToEvents(t, stockEvents(sid), { 'last-event-id': '0' });
  const old = await listenToEvents(t, stockEvents(sid), { 'last-event-id': '77' });
  await old.find('the stock', () => true);
  t.same(seen.events, []);
  await buy(sid, 'ann');
  t.match(await seen.find('the next version', () => true), { data: { left: 4 } });
});

t.test('the opening is sent on time, also to readers that reconnect', async (t) => {
  const sid = await createTestStock(servers.mysql, { opensAtMs: Date.now() + 2500 });
  const listener = await listenToEvents(t, stockEvents(sid), { 'last-event-id': '0' });
  await listener.find('upcoming', ({ data }) => data.state === 'upcoming');
  t.match(await listener.find('open', ({ data }) => data.state === 'open'), { id: '0' });
});

t.test('at most five events per second, and the last one is current', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 300 });
  const listener = await listenToEvents(t, stockEvents(sid));
  for (let round = 0; round < 20; round += 1) {
    await Promise.all(Array.from({ length: 10 }, (_, i) => buy(sid, `many-${round}-${i}`)));
  }
  await listener.find('all sold', ({ data }) => data.sold === 200);
  const times = listener.events.slice(1).map(({ atMs }) => atMs);
  const close = times.filter((atMs, i) => i >= 5 && atMs - (times[i - 5] as number) < 900);
  t.same(close, []);
  const ids = listener.events.map(({ id }) => Number(id));
  t.same(
    ids,
    [...ids].sort((a, b) => a - b),
  );
});

t.test('without Redis the stock is read once a second', async (t) => {
  const proxy = await startTestProxy(t, new URL(servers.redisUrl).host);
  const redisUrl = servers.redisUrl.replace(new URL(servers.redisUrl).host, proxy.address);
  const deaf = await startTestConsumer(t, { redisUrl }, [provider]);
  proxy.cut();
  const sid = await createTestStock(servers.mysql, { count: 3 });
  const listener = await listenToEvents(t, stockEvents(sid, deaf));
  await listener.find('the stock', ({ data }) => data.left === 3);
  const from = performance.now();
  await buy(sid, 'ann');
  const received = await listener.find('one left', ({ data }) => data.left === 2);
  t.ok(received.atMs - from < 5000, `${received.atMs - from} ms`);
});

t.test('unknown stocks and exceeded limits are problems', async (t) => {
  const ladder = await createTestStock(servers.mysql, { kind: 'ladder' });
  t.equal((await fetch(stockEvents(ladder))).status, 404);
  t.equal((await fetch(stockEvents(2 ** 50))).status, 404);
  t.equal((await fetch(stockEvents(0))).status, 400);
  const settings = { EVENT_LISTENERS: '3', EVENT_LISTENERS_PER_ADDRESS: '2', TRUST_PROXY: '127.0.0.1' };
  const small = await startTestConsumer(t, servers, [provider], settings);
  const sid = await createTestStock(servers.mysql);
  const from = (address: string) => listenToEvents(t, stockEvents(sid, small), { 'x-forwarded-for': address });
  const first = await from('192.0.2.1');
  await from('192.0.2.1');
  const third = await from('192.0.2.1');
  t.match(third, { status: 429, headers: { 'retry-after': '5', 'content-type': /problem/ } });
  t.equal((await from('192.0.2.2')).status, 200);
  t.equal((await from('192.0.2.3')).status, 503);
  first.leave();
  await waitUntil(
    'a place to be free',
    async () => {
      const status = (await from('192.0.2.1')).status;
      if (status !== 200) throw new Error(`${status}`);
    },
    { limitMs: 5000 },
  );
});

t.test('streams of stocks do not count in the limit of order streams', async (t) => {
  const settings = { EVENT_LISTENERS: '1', ORDER_EVENT_LISTENERS: '1', EVENT_LISTENERS_PER_ADDRESS: '9' };
  const small = await startTestConsumer(t, servers, [provider], { ...settings, TRUST_PROXY: '127.0.0.1' });
  const sid = await createTestStock(servers.mysql);
  const { body } = await buy(sid, 'ann');
  const listen = (address: string) => listenToEvents(t, stockEvents(sid, small), { 'x-forwarded-for': address });
  t.equal((await listen('192.0.2.1')).status, 200);
  t.equal((await listen('192.0.2.2')).status, 503, 'all places of stocks are taken');
  const events = `${small}/api/v1/orders/${body.orderNo}/events`;
  t.equal((await listenToEvents(t, events, bearer('ann'))).status, 200);
  t.equal((await listenToEvents(t, events, bearer('ann'))).status, 503, 'and now those of orders too');
});

t.test('an IPv6 /64 network counts as one address', async (t) => {
  const settings = { EVENT_LISTENERS_PER_ADDRESS: '1', TRUST_PROXY: '127.0.0.1' };
  const small = await startTestConsumer(t, servers, [provider], settings);
  const sid = await createTestStock(servers.mysql);
  const listen = (address: string) => listenToEvents(t, stockEvents(sid, small), { 'x-forwarded-for': address });
  t.equal((await listen('2001:db8:0:1::1')).status, 200);
  t.equal((await listen('2001:db8:0:1:ffff::2')).status, 429);
  t.equal((await listen('2001:db8:0:2::1')).status, 200);
});

t.test('an order stream sends the decision and the payment, and ends', async (t) => {
  const sid = await createTestStock(servers.mysql);
  const { body } = await buy(sid, 'ann');
  const events = `${url}/api/v1/orders/${body.orderNo}/events`;
  const listener = await listenToEvents(t, events, bearer('ann'));
  const first = await listener.find('the order', () => true);
  t.match(first, {
    id: 'awaiting_payment',
    event: 'order',
    data: { orderNo: body.orderNo, state: 'awaiting_payment' },
  });
  await change("UPDATE stock_order SET state = 'paid', paid_at = NOW(3) WHERE order_no = ?", [body.orderNo]);
  await listener.find('the payment', ({ data }) => data.state === 'paid');
  await listener.untilEnd();
  const again = await listenToEvents(t, events, { ...bearer('ann'), 'last-event-id': 'paid' });
  t.equal(again.status, 204, 'a browser stops coming');
  const late = await listenToEvents(t, events, bearer('ann'));
  await late.untilEnd();
  t.match(late.events, [{ data: { state: 'paid' } }]);
});

t.test('a number without a row is pending, then decided; other buyers get 404', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 1 });
  const orderNo = mintOrderNumber(testSecrets.ORDER_NO_KEY, sid, 'ann');
  const events = `${url}/api/v1/orders/${orderNo}/events`;
  const listener = await listenToEvents(t, events, bearer('ann'));
  t.match(await listener.find('pending', () => true), { id: 'pending', data: { orderNo, sid, state: 'pending' } });
  // The order was lost: the stream's poll sends it again.
  await listener.find('the decision', ({ data }) => data.state === 'awaiting_payment');
  t.equal((await fetch(events)).status, 401);
  t.equal((await fetch(events, { headers: bearer('bob') })).status, 404);
  t.equal((await fetch(`${url}/api/v1/orders/nonsense/events`, { headers: bearer('bob') })).status, 404);
});

t.test('a delivered decision is sent at once', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 1 });
  const key = { 'idempotency-key': '"k1"' };
  const orderNo = mintOrderNumber(testSecrets.ORDER_NO_KEY, sid, 'cat', 'k1');
  const listener = await listenToEvents(t, `${url}/api/v1/orders/${orderNo}/events`, bearer('cat'));
  await listener.find('pending', ({ data }) => data.state === 'pending');
  const { status } = await buy(sid, 'cat', key);
  t.ok(status === 201 || status === 200);
  const deliveredMs = performance.now();
  const received = await listener.find('the decision', ({ data }) => data.state === 'awaiting_payment');
  t.ok(received.atMs - deliveredMs < 3000, `${received.atMs - deliveredMs} ms after the answer`);
});

t.test('a consumer that stops ends its streams with a retry time', async (t) => {
  const sid = await createTestStock(servers.mysql);
  let listeners: Listener[] = [];
  let stoppedMs = 0;
  await t.test('while it runs', async (inner) => {
    const base = await startTestConsumer(inner, servers, [provider]);
    listeners = await Promise.all(Array.from({ length: 50 }, () => listenToEvents(t, stockEvents(sid, base))));
    await Promise.all(listeners.map((one) => one.find('the stock', () => true)));
    stoppedMs = performance.now();
  });
  await Promise.all(listeners.map((one) => one.untilEnd()));
  t.ok(performance.now() - stoppedMs < 3000, 'soon');
  t.ok(listeners.every(({ others }) => others.filter((line) => /^retry: \d+$/.test(line)).length === 2));
});
