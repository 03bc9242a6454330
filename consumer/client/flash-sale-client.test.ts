import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { buildPages } from '../../ci/ops/build-pages.ts';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createToken, testSecrets } from '../../ci/testing/clients/create-token.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../../ci/testing/orders/wait-for-log.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { cancelOrder } from '../../db/orders/cancel-order.ts';
import { builtClient } from '../api/page-routes.ts';
import {
  createFlashSaleClient,
  type FlashSaleClientOptions,
  type Order,
  type StockEvent,
} from './flash-sale-client.ts';

await buildPages();
const servers = await createTestServers(t);
const { mysql, database } = servers;
const provider = await startTestProvider(t, servers);
await startTestWorker(t, servers);
const url = await startTestConsumer(t, servers, [provider]);
await waitForLog(t, servers, provider);

const price = { amount: 1999, currency: 'EUR' };
const lamp = async (stock: Parameters<typeof createTestStock>[1] = {}) =>
  String(await createTestStock(mysql, { count: 5, priceCents: 1999, currency: 'EUR', ...stock }));
const ordersOf = async (sid: string) => (await auditStock(mysql, Number(sid))).states;
/** A buyer who has no order yet, and the requests of the client. */
let buyers = 0;
function openClient(options: FlashSaleClientOptions & { send?: Send } = {}) {
  buyers += 1;
  const buyer = `buyer-${buyers}`;
  const sent: Sent[] = [];
  const { send = (go) => go(), ...others } = options;
  const recorded = (async (input: string, init: RequestInit = {}) => {
    const headers = init.headers as Record<string, string>;
    const request = { path: input.slice(`${url}/api/v1`.length), method: init.method ?? 'GET', headers };
    sent.push(request);
    return send(() => fetch(input, { ...init, headers }), request, init.signal);
  }) as typeof fetch;
  const client = createFlashSaleClient({ url, token: createToken(buyer), fetch: recorded, ...others });
  const posts = () => sent.filter(({ method }) => method === 'POST').map(({ headers }) => headers);
  return { client, buyer, sent, posts };
}
type Sent = { path: string; method: string; headers: Record<string, string> };
type Send = (go: () => Promise<Response>, request: Sent, signal?: AbortSignal | null) => Promise<Response>;

/** The first `count` orders reach the server, but their answers are lost. */
function loseAnswers(count: number): Send {
  let left = count;
  return async (go, { method }) => {
    const response = await go();
    if (method !== 'POST' || left === 0) return response;
    left -= 1;
    throw new TypeError('the connection was cut');
  };
}

function openStorage() {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  };
}

t.test(
  'the file is at most 5 kB when compressed, and is what package.json exports and the consumer serves',
  async (t) => {
    const file = readFileSync(builtClient);
    t.ok(brotliCompressSync(file).length <= 5000, `brotli ${brotliCompressSync(file).length}`);
    t.ok(gzipSync(file).length <= 5000, `gzip ${gzipSync(file).length}`);
    const exported = await import(String('flash-sale/client'));
    t.same(Object.keys(exported).sort(), ['FlashSaleError', 'createFlashSaleClient']);
    t.ok(readFileSync(builtClient.replace(/js$/, 'd.ts'), 'utf8').includes('createFlashSaleClient'));
    const served = await callApi(url, '/client.js');
    t.equal(served.text, file.toString());
    t.match(served.headers.get('content-type'), /javascript/);
    t.equal(served.headers.get('access-control-allow-origin'), '*');
  },
);

t.test('a click is an order; a second click is the same order', async (t) => {
  const sid = await lamp();
  const { client, posts } = openClient();
  const result = await client.buy(sid, { maxPrice: price });
  t.match(result, { outcome: 'confirmed', isNew: true, order: { sid, state: 'awaiting_payment' } });
  t.match(posts(), [{ 'idempotency-key': /^"[0-9a-f]{32}"$/, 'idempotency-attempt': '1' }]);
  const again = await client.buy(sid);
  t.match(again, {
    outcome: 'confirmed',
    isNew: false,
    order: { orderNo: (result as { order: Order }).order.orderNo },
  });
  t.same(await ordersOf(sid), { awaiting_payment: 1 });
});

t.test('a double click sends one order', async (t) => {
  const sid = await lamp();
  const { client, posts } = openClient();
  const [first, second] = await Promise.all([client.buy(sid), client.buy(sid)]);
  t.equal(first, second);
  t.equal(posts().length, 1);
});

t.test('after lost answers the order is sent again with its key, and taken once', async (t) => {
  const sid = await lamp();
  const { client, posts } = openClient({ send: loseAnswers(2) });
  const updates: string[] = [];
  const result = await client.buy(sid, {
    onUpdate: (update) => updates.push(update.step === 'waiting' ? `waiting ${update.why}` : update.step),
  });
  t.match(result, { outcome: 'confirmed', order: { state: 'awaiting_payment' } });
  t.same(
    posts().map((headers) => headers['idempotency-attempt']),
    ['1', '2', '3'],
  );
  t.equal(new Set(posts().map((headers) => headers['idempotency-key'])).size, 1);
  t.same(updates, ['asking', 'waiting busy', 'asking', 'waiting busy', 'asking']);
  t.same(await ordersOf(sid), { awaiting_payment: 1 });
});

t.test('when it was refused only after a lost answer, the order that was taken is found', async (t) => {
  const sid = await lamp();
  const lose = loseAnswers(1);
  const { client } = openClient({
    send: async (go, request) => {
      const response = await lose(go, request);
      if (request.method === 'POST') {
        await response.body?.cancel();
        return Response.json({ code: 'paused' }, { status: 409 });
      }
      return response;
    },
  });
  t.match(await client.buy(sid), { outcome: 'confirmed', isNew: false, order: { sid, state: 'awaiting_payment' } });
});

t.test('refusals with Retry-After are repeated after it, and are no attempt', async (t) => {
  const sid = await lamp();
  let refusals = 2;
  const { client, posts } = openClient({
    send: async (go, { method }) => {
      if (method !== 'POST' || refusals === 0) return go();
      refusals -= 1;
      const code = refusals === 1 ? 'busy' : 'too_many_requests';
      return Response.json({ code }, { status: refusals === 1 ? 503 : 429, headers: { 'retry-after': '1' } });
    },
  });
  const startedMs = performance.now();
  t.match(await client.buy(sid), { outcome: 'confirmed' });
  t.ok(performance.now() - startedMs >= 2000, 'it waited twice for a second');
  t.same(
    posts().map((headers) => headers['idempotency-attempt']),
    ['1', '1', '1'],
  );
});

for (const [what, send] of [
  ['its stream', undefined],
  ['polling', (path: string) => path.endsWith('/events')],
] as const) {
  t.test(`a pending order is followed by ${what}`, async (t) => {
    const sid = await lamp();
    const { client, sent } = openClient({
      send: async (go, request) => {
        if (request.method === 'POST') request.headers.prefer = 'respond-async';
        if (send?.(request.path)) throw new TypeError('no stream');
        return go();
      },
    });
    const updates: string[] = [];
    const result = await client.buy(sid, { onUpdate: ({ step }) => updates.push(step) });
    t.match(result, { outcome: 'confirmed', isNew: true, order: { sid, state: 'awaiting_payment' } });
    t.same(updates, ['asking', 'pending']);
    const reads = sent.filter(({ method, path }) => method === 'GET' && !path.endsWith('/events'));
    t.equal(reads.length > 0, send !== undefined);
  });
}

t.test('a pending order that is not decided in time is resumed', async (t) => {
  const sid = await lamp();
  const storage = openStorage();
  let isHeld = true;
  const { client, posts } = openClient({
    storage,
    send: async (go, request) => {
      if (request.method === 'POST') request.headers.prefer = 'respond-async';
      else if (isHeld) throw new TypeError('no answer');
      return go();
    },
  });
  t.match(await client.buy(sid, { waitForDecisionMs: 10 }), { outcome: 'pending', order: { state: 'pending' } });
  isHeld = false;
  t.match(await client.resume(sid), { outcome: 'confirmed' });
  t.equal(posts().length, 1);
});

t.test('sold out', async (t) => {
  const sid = await lamp({ count: 1 });
  t.match(await openClient().client.buy(sid), { outcome: 'confirmed' });
  const { client, posts } = openClient();
  t.match(await client.buy(sid), { outcome: 'refused', code: 'sold_out' });
  t.match(await client.buy(sid), { outcome: 'refused', code: 'sold_out' });
  t.equal(new Set(posts().map((headers) => headers['idempotency-key'])).size, 2, 'another click is another order');
});

t.test('paused, closed, above the price limit, unknown, not signed in', async (t) => {
  const { client } = openClient();
  t.match(await client.buy(await lamp({ paused: true })), { outcome: 'refused', code: 'paused' });
  t.match(await client.buy(await lamp({ closesAtMs: Date.now() - 1000 })), { outcome: 'refused', code: 'closed' });
  const maxPrice = { amount: 1998, currency: 'EUR' };
  t.match(await client.buy(await lamp(), { maxPrice }), { outcome: 'refused', code: 'price_above_max' });
  t.match(await client.buy('999999'), { outcome: 'refused', code: 'stock_not_found' });
  const { client: anonymous } = openClient({ token: () => undefined });
  t.match(await anonymous.buy(await lamp()), { outcome: 'refused', code: 'unauthorized' });
});

t.test('a click before the opening is sent at the opening, by the server’s clock', async (t) => {
  const opensAtMs = Date.now() + 2500;
  const sid = await lamp({ opensAtMs });
  const { client, posts } = openClient();
  const updates: unknown[] = [];
  const result = await client.buy(sid, { onUpdate: (update) => updates.push(update) });
  t.match(result, { outcome: 'confirmed' });
  t.ok(Date.now() >= opensAtMs && Date.now() < opensAtMs + 2000, `${Date.now() - opensAtMs} ms after the opening`);
  t.match(updates, [{ step: 'asking' }, { step: 'waiting', why: 'opening' }, { step: 'asking' }]);
  t.equal(posts().length, 2);
  const later = await openClient().client.buy(await lamp({ opensAtMs: Date.now() + 3_600_000 }));
  t.match(later, { outcome: 'refused', code: 'not_open', problem: { opensAt: /^20/ } });
});

t.test('a click survives a reload', async (t) => {
  const sid = await lamp();
  const storage = openStorage();
  const left = new AbortController();
  const first = openClient({
    storage,
    send: async (go, { method }) => {
      const response = await go();
      // The page is left before the answer arrives.
      if (method === 'POST') left.abort(new Error('left'));
      return response;
    },
  });
  await t.rejects(first.client.buy(sid, { maxPrice: price, signal: left.signal }), { message: 'left' });
  t.equal(storage.kept.size, 1);
  const token = createToken(first.buyer);
  const second = openClient({ storage, token });
  t.match(await second.client.resume(sid), { outcome: 'confirmed', order: { state: 'awaiting_payment' } });
  t.equal(second.posts()[0]?.['idempotency-key'], first.posts()[0]?.['idempotency-key']);
  t.equal(second.posts()[0]?.['idempotency-attempt'], '2');
  t.same(await ordersOf(sid), { awaiting_payment: 1 });
  const third = openClient({ storage, token });
  t.match(await third.client.resume(sid), { outcome: 'confirmed', isNew: false });
  t.equal(third.posts().length, 0, 'its order is known');
  t.equal(await openClient({ storage }).client.resume(sid), null, 'the click of another buyer');
});

t.test('an order that has ended is followed by a new one', async (t) => {
  const sid = await lamp();
  const { client, buyer } = openClient();
  const bought = (await client.buy(sid)) as { order: Order };
  await cancelOrder(database, bought.order.orderNo, buyer);
  t.match(await client.resume(sid), { outcome: 'ended', order: { state: 'cancelled' } });
  const again = (await client.buy(sid)) as { order: Order };
  t.match(again, { outcome: 'confirmed', isNew: true });
  t.not(again.order.orderNo, bought.order.orderNo);
});

t.test('orders are read, paid and cancelled; refusals are errors', async (t) => {
  const sid = await lamp();
  const { client } = openClient();
  const { order } = (await client.buy(sid)) as { order: Order };
  t.match(await client.order(order.orderNo), { orderNo: order.orderNo, unitPrice: price, total: price, quantity: 1 });
  t.match(await client.orders({ sid }), [{ orderNo: order.orderNo }]);
  t.match(await client.pay(order.orderNo, '/thanks'), { orderNo: order.orderNo, amount: price, redirectUrl: /^http/ });
  t.match(await client.cancel(order.orderNo), { state: 'cancelled' });
  await t.rejects(client.pay(order.orderNo), { name: 'FlashSaleError', code: 'wrong_state', status: 409 });
  await t.rejects(client.stock('999999'), { code: 'stock_not_found', status: 404 });
  t.match(await client.stock(sid), { sid, state: 'open', left: 5, price });
  t.ok(Math.abs((await client.now()) - Date.now()) < 1000);
});

t.test('a stock and an order are watched', async (t) => {
  const sid = await lamp();
  const { client } = openClient();
  const stocks = collect<StockEvent>(t, (listener) => client.watch({ sid }, listener));
  t.match(await stocks.find(() => true), { sid, left: 5 });
  const { order } = (await client.buy(sid)) as { order: Order };
  t.match(await stocks.find(({ left }) => left === 4), { state: 'open' });
  const orders = collect<Order>(t, (listener) => client.watch({ orderNo: order.orderNo }, listener));
  await orders.find(({ state }) => state === 'awaiting_payment');
  await client.cancel(order.orderNo);
  t.match(await orders.find(({ state }) => state === 'cancelled'), { orderNo: order.orderNo });
});

/** The events of a stream, until the end of the test. */
function collect<T>(t: Test, watch: (listener: (event: T) => void) => () => void) {
  const events: T[] = [];
  let notify = () => {};
  t.teardown(
    watch((event) => {
      events.push(event);
      notify();
    }),
  );
  return {
    async find(wanted: (event: T) => boolean): Promise<T> {
      for (;;) {
        const found = events.find(wanted);
        if (found) return found;
        await new Promise<void>((resolve) => {
          notify = resolve;
        });
      }
    },
  };
}

t.test('a refused token is replaced once', async (t) => {
  const sid = await lamp();
  const asked: (string | undefined)[] = [];
  const expired = createToken('ann', { expiresInMs: -60_000 });
  const { client } = openClient({
    token: (refused) => {
      asked.push(refused);
      return refused === undefined ? expired : createToken('ann', { secret: testSecrets.JWT_SECRET });
    },
  });
  t.match(await client.buy(sid), { outcome: 'confirmed' });
  t.ok(asked.includes(expired));
});
