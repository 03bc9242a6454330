import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { waitUntil as waitFor } from '../../ci/command/wait-until.ts';
import { bearer, testSecrets } from '../../ci/testing/clients/create-token.ts';
import { auditStock } from '../../ci/testing/orders/audit-stock.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../../ci/testing/orders/wait-for-log.ts';
import { createTestServers, type TestServers } from '../../ci/testing/servers/create-test-servers.ts';
import {
  startTestConsumer,
  startTestProvider,
  startTestWorker,
  type TestWorker,
} from '../../ci/testing/servers/start-test-system.ts';
import { mintOrderNumber } from '../../proto/messages/order-number.ts';

type Answer = { status: number; headers: Headers; body: Record<string, unknown> };
type Extra = Record<string, string>;

// buy-through-fastify.test.ts runs this file again: with a query every order goes through Fastify's route.
const query = import.meta.url.endsWith('?fastify') ? '?fastify' : '';

let servers: TestServers;
let provider: number;
let url: string;
let worker: TestWorker;

async function order(base: string, sid: number, buyer: string, headers: Extra = {}, body?: string): Promise<Answer> {
  const response = await fetch(`${base}/api/v1/stocks/${sid}/orders${query}`, {
    method: 'POST',
    headers: { ...bearer(buyer), ...headers },
    ...(body !== undefined && { body }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

async function poll(base: string, location: string | null, buyer: string): Promise<Answer> {
  const response = await fetch(`${base}${location}`, { headers: bearer(buyer) });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

const waitUntil = (what: string, check: () => Promise<void>) => waitFor(what, check, { limitMs: 15_000 });
const key = (text: string) => ({ 'idempotency-key': `"${text}"` });
const attempt = (text: string, attempt: number) => ({ ...key(text), 'idempotency-attempt': String(attempt) });
const makeSale = (stock: Parameters<typeof createTestStock>[1] = {}) =>
  createTestStock(servers.mysql, { count: 10, ...stock });

// For tests that start a worker which runs to the end of the file.
const wholeFile = t;

t.before(async () => {
  servers = await createTestServers(t);
  provider = await startTestProvider(t, servers);
  worker = await startTestWorker(t, servers);
  url = await startTestConsumer(t, servers, [provider]);
  await waitForLog(t, servers, provider);
});

t.test('a buyer gets 201 with the URL of the order, and the row is committed', async (t) => {
  const sid = await makeSale();
  const { status, headers, body } = await order(url, sid, 'ann');
  t.equal(status, 201);
  t.match(body, { sid: String(sid), decision: 'confirmed', state: 'awaiting_payment' });
  t.equal(headers.get('location'), `/api/v1/orders/${body.orderNo}`);
  t.equal(headers.get('cache-control'), 'no-store');
  t.match(headers.get('ratelimit'), /^"orders";r=\d+;t=\d+$/);
  t.match(await auditStock(servers.mysql, sid), { sale: 1, live: 1 });
});

t.test('a second order of a buyer gets 200 with the first one', async (t) => {
  const sid = await makeSale();
  const first = await order(url, sid, 'ann');
  const second = await order(url, sid, 'ann');
  t.equal(second.status, 200);
  t.match(second.body, {
    orderNo: first.body.orderNo,
    state: 'awaiting_payment',
    unitPrice: { amount: 1999, currency: 'CNY' },
  });
  t.equal(second.headers.get('location'), first.headers.get('location'));
});

t.test('a double click with one key is one order with two equal answers', async (t) => {
  const sid = await makeSale();
  const answers = await Promise.all([1, 2, 3].map(() => order(url, sid, 'ann', key('click'))));
  t.same(
    answers.map(({ status }) => status),
    [201, 201, 201],
  );
  t.equal(new Set(answers.map(({ body }) => body.orderNo)).size, 1);
  t.match(await auditStock(servers.mysql, sid), { sale: 1, live: 1 });
});

t.test('the same key of two buyers means two orders', async (t) => {
  const sid = await makeSale();
  const ann = await order(url, sid, 'ann', key('same'));
  const bob = await order(url, sid, 'bob', key('same'));
  t.same([ann.status, bob.status], [201, 201]);
  t.not(ann.body.orderNo, bob.body.orderNo);
});

t.test('without units left buyers get 410, and buyers with an order get it', async (t) => {
  const sid = await makeSale({ count: 1 });
  const ann = await order(url, sid, 'ann', key('a'));
  t.equal(ann.status, 201);
  let bob = await order(url, sid, 'bob');
  t.equal(bob.status, 410, 'decided, or from memory');
  await waitUntil('the filter to know', async () => {
    bob = await order(url, sid, 'bob');
    if (!bob.headers.has('x-accel-expires')) throw new Error('not from the filter yet');
  });
  t.match(bob.body, { code: 'sold_out', status: 410 });
  t.notOk(bob.headers.has('ratelimit'), 'the filter’s answer names no limit');
  t.notOk('requestId' in bob.body || 'orderNo' in bob.body, 'and no request or number');
  const again = await order(url, sid, 'ann', key('a'));
  t.equal(again.status, 201, 'the same key gets the same answer, although the stock is sold out');
  t.equal(again.body.orderNo, ann.body.orderNo);
  t.equal((await order(url, sid, 'ann')).status, 200, 'another attempt leads to the order there is');
});

t.test('a refusal is final for its key, not for a new key', async (t) => {
  const sid = await makeSale({ count: 1 });
  await order(url, sid, 'ann');
  const refused = await order(url, sid, 'bob', key('b'));
  t.match(refused, { status: 410, body: { code: 'sold_out' } });
  await giveBack(sid, 'ann');
  t.match(await order(url, sid, 'bob', attempt('b', 2)), { status: 410 }, 'decided once, although a unit is back');
  await waitUntil('a new key to get the unit', async () => {
    const { status } = await order(url, sid, 'bob', key(`b-${Math.random()}`));
    if (status !== 201) throw new Error(String(status));
  });
});

t.test(
  'where units go to offers all buyers get the same answer, and a repeat wins nothing when the line ends',
  async (t) => {
    const sid = await makeSale({ count: 1 });
    const setOffersOnly = (isOn: boolean) =>
      servers.mysql.raw('UPDATE stock SET offers_only = ?, version = version + 1 WHERE id = ?', [isOn, sid]);
    await setOffersOnly(true);
    let bob = await order(url, sid, 'bob');
    await waitUntil('the filter to know', async () => {
      bob = await order(url, sid, 'bob');
      if (!bob.headers.has('x-accel-expires')) throw new Error('not from the filter yet');
    });
    t.match(bob, { status: 409, body: { code: 'entry_required', status: 409 } });
    t.notOk(bob.headers.has('ratelimit') || bob.headers.has('x-request-id'));
    t.notOk('requestId' in bob.body || 'orderNo' in bob.body, 'the answer names no request and no number');
    t.match((await auditStock(servers.mysql, sid)).states, {}, 'and nothing is written');
    await setOffersOnly(false);
    let repeat = await order(url, sid, 'eve', attempt('r0', 2));
    await waitUntil('the consumer to know', async () => {
      repeat = await order(url, sid, 'eve', attempt(`r${Math.random()}`, 2));
      if (repeat.body.code === 'entry_required') throw new Error('not known yet');
    });
    t.match(repeat, { status: 410 }, 'nginx may still refuse the others');
    await waitUntil('the unit to be sold', async () => {
      const { status } = await order(url, sid, 'kim', key(`k${Math.random()}`));
      if (status !== 201) throw new Error(String(status));
    });
  },
);

async function giveBack(sid: number, buyer: string): Promise<void> {
  await servers.mysql.raw("UPDATE stock_order SET state = 'expired', ended_at = NOW(3) WHERE sid = ? AND buyer = ?", [
    ...[sid, buyer],
  ]);
  await servers.mysql.raw('UPDATE stock SET sale = sale - 1, version = version + 1 WHERE id = ?', [sid]);
}

async function waitUntilSoldOut(sid: number): Promise<void> {
  await waitUntil('the filter to know', async () => {
    const { headers } = await order(url, sid, 'watcher');
    if (!headers.has('x-accel-expires')) throw new Error('not from the filter yet');
  });
}

t.test('claimed repeats of a sold-out stock are decided, one row for each key', async (t) => {
  const sid = await makeSale({ count: 1 });
  await order(url, sid, 'ann');
  await waitUntilSoldOut(sid);
  for (const headers of [attempt('bot-1', 2), attempt('bot-2', 9), { ...key('bot-3'), 'cache-control': 'NO-CACHE' }]) {
    const answer = await order(url, sid, 'bot', headers);
    t.match(answer, { status: 410, body: { code: 'sold_out', orderNo: /./ } });
    t.notOk(answer.headers.has('x-accel-expires'), 'the answer is the buyer’s own');
  }
  t.match(await auditStock(servers.mysql, sid), { sale: 1, states: { awaiting_payment: 1 } });
  const states = await servers.mysql('stock_order').where({ sid, buyer: 'bot' }).pluck('state');
  t.same(states, ['sold_out', 'sold_out', 'sold_out']);
});

t.test('a first attempt on a sold-out stock is answered from memory and writes no row', async (t) => {
  const sid = await makeSale({ count: 0 });
  await waitUntilSoldOut(sid);
  const answer = await order(url, sid, 'bob', attempt('b', 1));
  t.match(answer, { status: 410 });
  t.ok(answer.headers.has('x-accel-expires'));
  t.match((await auditStock(servers.mysql, sid)).states, {});
});

t.test('a repeat finds the decision of its first sending, also when the stock is sold out', async (t) => {
  const sid = await makeSale({ count: 1 });
  const first = await order(url, sid, 'ann', attempt('a', 1));
  await waitUntilSoldOut(sid);
  const again = await order(url, sid, 'ann', attempt('a', 2));
  t.match(again, { status: 201, body: { orderNo: first.body.orderNo } });
  const other = await order(url, sid, 'ann', attempt('another', 2));
  t.match(other, { status: 200, body: { orderNo: first.body.orderNo } }, 'another key leads to the active order');
});

t.test('a repeat of an order that has ended gets 200 with that order', async (t) => {
  const sid = await makeSale();
  const first = await order(url, sid, 'ann', key('k'));
  await giveBack(sid, 'ann');
  const again = await order(url, sid, 'ann', attempt('k', 2));
  t.match(again, { status: 200, body: { orderNo: first.body.orderNo, state: 'expired' } });
});

t.test('where units go to offers an order gets 409 without a row', async (t) => {
  const sid = await makeSale({ mode: 'line' });
  t.match(await order(url, sid, 'ann', key('a')), {
    status: 409,
    body: { code: 'entry_required', orderNo: undefined },
  });
  const [rows] = await servers.mysql.raw('SELECT order_no FROM stock_order WHERE sid = ?', [sid]);
  t.equal(rows.length, 0);
});

t.test('a price above maxPrice gets 409, final for its key, and takes no unit', async (t) => {
  const sid = await makeSale({ priceCents: 1999 });
  const buy = (maxPriceCents: number, text: string) =>
    order(
      url,
      sid,
      'ann',
      { ...key(text), 'content-type': 'application/json' },
      JSON.stringify({ maxPrice: { amount: maxPriceCents, currency: 'CNY' } }),
    );
  const refused = await buy(1998, 'a');
  t.match(refused, { status: 409, body: { code: 'price_above_max', orderNo: /./ } });
  t.match(await buy(1999, 'a'), { status: 409 });
  t.match(await buy(1999, 'b'), { status: 201 });
  t.match(await buy(-1, 'c'), { status: 400 });
  t.match(await auditStock(servers.mysql, sid), { sale: 1, live: 1 });
});

t.test('a free order is paid at once', async (t) => {
  const sid = await makeSale({ priceCents: 0 });
  t.match(await order(url, sid, 'ann'), { status: 201, body: { state: 'paid' } });
});

t.test('orders of stocks that are not for sale get the reason', async (t) => {
  const soon = new Date(Date.now() + 60_000);
  const cases: [Parameters<typeof createTestStock>[1], number, string][] = [
    [{ opensAtMs: soon.getTime() }, 409, 'not_open'],
    [{ closesAtMs: 1000 }, 409, 'closed'],
    [{ paused: true }, 409, 'paused'],
    [{ kind: 'ladder' }, 404, 'stock_not_found'],
  ];
  for (const [stock, status, code] of cases) {
    const sid = await makeSale(stock);
    const answer = await order(url, sid, 'ann');
    t.match(answer, { status, body: { code } }, code);
    if (code === 'not_open') t.equal(answer.body.opensAt, soon.toISOString());
    t.match(await auditStock(servers.mysql, sid), { sale: 0, live: 0 });
  }
  t.match(await order(url, 987654321, 'ann'), { status: 404, body: { code: 'stock_not_found' } });
});

t.test('invalid requests are refused with the reason and change nothing', async (t) => {
  const sid = await makeSale();
  t.match(await order(url, sid, 'ann', { 'idempotency-key': '"a b"' }), { status: 400 });
  t.match(await order(url, sid, 'ann', { authorization: 'Bearer x.y.z' }), { status: 401 });
  for (const path of ['0', '-1', '1.5', 'abc', '9007199254740992']) {
    const response = await fetch(`${url}/api/v1/stocks/${path}/orders`, { method: 'POST', headers: bearer('ann') });
    t.equal(response.status, 400, path);
  }
  const extra = await fetch(`${url}/api/v1/stocks/${sid}/orders`, {
    method: 'POST',
    headers: { ...bearer('ann'), 'content-type': 'application/json' },
    body: '{"colour": "red"}',
  });
  t.equal(extra.status, 400, 'unknown fields are refused');
  t.match(await auditStock(servers.mysql, sid), { sale: 0, live: 0 });
});

t.test('an order of several units has its quantity, reference and metadata in every answer', async (t) => {
  const on = { ORDER_DETAILS: 'on' };
  const able = await startTestConsumer(t, servers, [await startTestProvider(t, servers, on)], on);
  const sid = await makeSale({ count: 5, priceCents: 1999, maxPerOrder: 4 });
  const details = { quantity: 3, reference: 'cart-17', metadata: { colour: 'red' } };
  const buy = (base: string, buyer: string, body: object) =>
    order(base, sid, buyer, { 'content-type': 'application/json' }, JSON.stringify(body));
  const placed = await buy(able, 'ann', details);
  t.match(placed, { status: 201, body: details });
  const { body } = await poll(able, placed.headers.get('location'), 'ann');
  t.match(body, { ...details, unitPrice: { amount: 1999 }, total: { amount: 5997 } });
  t.match(await auditStock(servers.mysql, sid), { sale: 3 });
  t.match(await buy(able, 'bob', { quantity: 5 }), {
    status: 409,
    body: { code: 'quantity_above_max', maxPerOrder: 4 },
  });
  await waitUntil('the stock to be read again', async () => {
    const few = await buy(able, 'bob', { quantity: 3 });
    t.match(few, { status: 409, body: { code: 'too_few_left', left: 2 } });
  });
  t.match(await buy(able, 'eve', { metadata: { a: 'x'.repeat(2100) } }), { status: 400 });
  t.match(await buy(url, 'eve', { quantity: 2 }), { status: 400, body: { errors: [{ field: 'quantity' }] } }, 'off');
});

t.test('respond-async answers 202 at once, and polls return the decision', async (t) => {
  const sid = await makeSale();
  const { status, headers } = await order(url, sid, 'ann', { prefer: 'respond-async' });
  t.equal(status, 202);
  t.equal(headers.get('preference-applied'), 'respond-async');
  await waitUntil('the decision', async () => {
    const { body } = await poll(url, headers.get('location'), 'ann');
    if (body.state !== 'awaiting_payment') throw new Error(String(body.state));
  });
  t.equal((await poll(url, headers.get('location'), 'bob')).status, 404, 'not visible to other buyers');
});

t.test('Prefer: wait answers a read with the decision, and bounds the wait of an order', async (t) => {
  const sid = await makeSale();
  const placed = await order(url, sid, 'ann', { prefer: 'respond-async' });
  const headers = { ...bearer('ann'), prefer: 'wait=4' };
  const read = await fetch(`${url}${placed.headers.get('location')}`, { headers });
  t.match(await read.json(), { state: 'awaiting_payment', decision: 'confirmed', total: { amount: 1999 } });
  const own = await order(url, sid, 'bob', { prefer: 'wait=0' });
  t.ok(own.status === 201 || own.status === 202, String(own.status));
  t.equal(own.headers.get('preference-applied'), 'wait=0');
  t.match(own.body, { sid: String(sid), quantity: 1 });
  const long = await order(url, sid, 'eve', { prefer: 'wait=60' });
  t.match(long.headers.get('preference-applied'), /^wait=\d$/, 'no longer than the server waits anyway');
  t.equal((await order(url, sid, 'kim', { prefer: 'wait=soon' })).headers.get('preference-applied'), null);
});

t.test('the limit is per buyer, and repeats count', async (t) => {
  const sid = await makeSale();
  const settings = { BUYER_BURST: '3', BUYER_RATE: '1' };
  const limited = await startTestConsumer(t, servers, [provider], settings);
  const other = await startTestConsumer(t, servers, [provider], settings);
  // At once: the bucket gets one token per second.
  const bases = [limited, other, limited, other, limited, other];
  const answers = await Promise.all(bases.map((base, i) => order(base, sid, 'eve', attempt('e', i + 1))));
  const refused = answers.filter(({ status }) => status === 429);
  t.ok(refused.length > 0 && refused.length <= 3, `${refused.length} of 6, counted over both consumers`);
  t.match(refused[0]?.body, { code: 'too_many_requests' });
  t.match(refused[0]?.headers.get('retry-after'), /^\d+$/);
  t.match(refused[0]?.headers.get('ratelimit-policy'), '"orders";q=3;w=3');
  t.equal((await order(limited, sid, 'ann')).status, 201);
});

t.test('without Redis orders are sold, and decisions are read instead of delivered', async (t) => {
  const sid = await makeSale();
  const lonely = await startTestConsumer(t, { redisUrl: 'redis://127.0.0.1:1' }, [provider]);
  t.match(await order(lonely, sid, 'ann'), { status: 201, body: { decision: 'confirmed' } });
});

t.test('without the log orders are decided directly', async (t) => {
  const sid = await makeSale({ count: 3 });
  const alone = await startTestProvider(t, servers, { KAFKA_BROKERS: '127.0.0.1:1' });
  const base = await startTestConsumer(t, servers, [alone]);
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((buyer) => order(base, sid, buyer)));
  t.same(answers.map(({ status }) => status).sort(), [201, 201, 201, 410, 410]);
  t.match(await auditStock(servers.mysql, sid), { sale: 3, live: 3 });
});

t.test('an order whose sender has gone before it was sent is not sent', async (t) => {
  const sid = await makeSale();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  const { authorization } = bearer('ann');
  socket.write(`POST /api/v1/stocks/${sid}/orders HTTP/1.1\r\nHost: a\r\nAuthorization: ${authorization}\r\n\r\n`);
  socket.destroy();
  await once(socket, 'close');
  t.equal((await order(url, sid, 'bob')).status, 201, 'all before it is done');
  t.match(await auditStock(servers.mysql, sid), { sale: 1, live: 1 });
});

t.test('a stock that was never read gets 503 busy: nothing was written', async (t) => {
  const sid = await makeSale();
  const mysqlUrl = 'mysql://nobody:x@127.0.0.1:1/none';
  const alone = await startTestProvider(t, { ...servers, mysqlUrl }, { KAFKA_BROKERS: '127.0.0.1:1' });
  const base = await startTestConsumer(t, servers, [alone]);
  const answer = await order(base, sid, 'ann');
  t.match(answer, { status: 503, body: { code: 'busy' } });
  t.match(answer.headers.get('retry-after'), /^[123]$/);
});

t.test('above MAX_WAITING orders get 503 busy', async (t) => {
  const sid = await makeSale();
  await worker.close();
  const base = await startTestConsumer(t, servers, [provider], { MAX_WAITING_PER_STOCK: '2', ORDER_WAIT_MS: '1000' });
  const answers = await Promise.all(['a', 'b', 'c', 'd'].map((buyer) => order(base, sid, buyer)));
  t.same(answers.map(({ status }) => status).sort(), [202, 202, 503, 503]);
  for (const { headers, body } of answers.filter(({ status }) => status === 503)) {
    t.match(body, { code: 'busy' });
    t.match(headers.get('retry-after'), /^([1-9]|10)$/);
    t.notOk(headers.has('ratelimit'), 'refused before the limiter');
  }
});

t.test('without a worker orders get 202, and polls return the decision once it is back', async (t) => {
  const sid = await makeSale({ count: 1 });
  const base = await startTestConsumer(t, servers, [provider], { ORDER_WAIT_MS: '200' });
  const first = await order(base, sid, 'ann');
  const second = await order(base, sid, 'bob');
  t.match([first.status, second.status], [202, 202]);
  t.match(await poll(base, first.headers.get('location'), 'ann'), { status: 200, body: { state: 'pending' } });
  worker = await startTestWorker(wholeFile, servers);
  await waitUntil('both decisions', async () => {
    const states = [];
    for (const [answer, buyer] of [
      [first, 'ann'],
      [second, 'bob'],
    ] as const) {
      states.push((await poll(base, answer.headers.get('location'), buyer)).body.state);
    }
    if (states.join() !== 'awaiting_payment,sold_out') throw new Error(states.join());
  });
});

t.test('a poll sends an order that was lost before the log', async (t) => {
  const sid = await makeSale();
  // The consumer that created the number is gone: only the buyer has it.
  const orderNo = mintOrderNumber(testSecrets.ORDER_NO_KEY, sid, 'ann');
  await waitUntil('the decision', async () => {
    const { body } = await poll(url, `/api/v1/orders/${orderNo}`, 'ann');
    if (body.state !== 'awaiting_payment') throw new Error(String(body.state));
  });
  t.match(await auditStock(servers.mysql, sid), { sale: 1, live: 1 });
});

t.test('polling a number that was never sent does not buy after the close or before the opening', async (t) => {
  const closed = await makeSale({ closesAtMs: Date.now() - 1000 });
  const upcoming = await makeSale({ opensAtMs: Date.now() + 3_600_000 });
  for (const [sid, state] of [
    [closed, 'closed'],
    [upcoming, 'not_open'],
  ] as const) {
    const orderNo = mintOrderNumber(testSecrets.ORDER_NO_KEY, sid, 'ann');
    await waitUntil('the decision', async () => {
      const { body } = await poll(url, `/api/v1/orders/${orderNo}`, 'ann');
      if (body.state !== state) throw new Error(String(body.state));
    });
  }
  t.match(await order(url, closed, 'ann'), { status: 409, body: { code: 'closed' } });
});

t.test('a lost order with maxPrice takes no unit when it is polled', async () => {
  const decide = async (priceCents: number, state: string) => {
    const sid = await makeSale();
    await servers.mysql.raw('UPDATE stock SET price_cents = ?, version = version + 1 WHERE id = ?', [priceCents, sid]);
    // The consumer that had the maximum price is gone.
    const orderNo = mintOrderNumber(testSecrets.ORDER_NO_KEY, sid, 'ann', undefined, 'capped');
    await waitUntil('the decision', async () => {
      const { body } = await poll(url, `/api/v1/orders/${orderNo}`, 'ann');
      if (body.state !== state) throw new Error(String(body.state));
    });
  };
  await decide(1999, 'price_above_max');
  // Without a maximum, no price is too high.
  await decide(0, 'paid');
});

t.test('a repeat gets its decision, also during a pause', async (t) => {
  const sid = await makeSale();
  const first = await order(url, sid, 'ann', key('k'));
  await servers.mysql.raw('UPDATE stock SET paused = TRUE, version = version + 1 WHERE id = ?', [sid]);
  await waitUntil('the pause to be known', async () => {
    const { status } = await order(url, sid, 'bob');
    if (status !== 409) throw new Error(String(status));
  });
  const again = await order(url, sid, 'ann', attempt('k', 2));
  t.match(again, { status: 201, body: { orderNo: first.body.orderNo } });
});

t.test('polling a number of a sale that ended long ago does not buy', async (t) => {
  const sid = await makeSale({ closesAtMs: Date.now() - 9 * 86_400_000 });
  const orderNo = mintOrderNumber(testSecrets.ORDER_NO_KEY, sid, 'ann');
  t.equal((await poll(url, `/api/v1/orders/${orderNo}`, 'ann')).status, 404);
  t.match(await auditStock(servers.mysql, sid), { sale: 0, live: 0 });
});
