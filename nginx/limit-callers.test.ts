import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { waitUntil } from '../ci/command/wait-until.ts';
import { startTestNginx } from '../ci/testing/servers/test-nginx.ts';
import { problems } from '../consumer/http/problem.ts';

// How nginx identifies a caller, and how it limits each of them.

type Consumer = { address: string; seen: http.IncomingHttpHeaders[]; held: http.ServerResponse[] };

/** A consumer that responds at once, except to streams and to /held. */
async function openConsumer(t: Test): Promise<Consumer> {
  const seen: http.IncomingHttpHeaders[] = [];
  const held: http.ServerResponse[] = [];
  const server = http.createServer((request, response) => {
    seen.push(request.headers);
    if (!/events|live|held/.test(request.url ?? '')) return void response.end('ok');
    held.push(response);
    if (!/held/.test(request.url ?? '')) response.writeHead(200, { connection: 'close' }).write(': here\n\n');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen, held };
}

const TRUSTS_US = 'set_real_ip_from 127.0.0.1; real_ip_header X-Forwarded-For;';

async function ask(port: number, headers: Record<string, string> = {}, path = '/') {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** How many of 20 concurrent requests were refused. The limit is one a second, so many are refused, or none if each has its own limit. */
async function refusedOf(port: number, clientOf: (i: number) => string): Promise<number> {
  const send = (_: unknown, i: number) => ask(port, { 'x-forwarded-for': clientOf(i) });
  const answers = await Promise.all(Array.from({ length: 20 }, send));
  return answers.filter(({ status }) => status === 429).length;
}

t.test('only a trusted proxy can set the address of a client', async (t) => {
  const consumer = await openConsumer(t);
  const lies = { 'x-forwarded-for': '9.9.9.9', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' };
  const open = await startTestNginx(t, [consumer.address]);
  await ask(open, lies);
  t.match(consumer.seen.at(-1), {
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-proto': 'http',
    'x-forwarded-host': `127.0.0.1:${open}`,
  });
  const behind = await startTestNginx(t, [consumer.address], { realIp: TRUSTS_US });
  const own = { host: `127.0.0.1:${behind}` };
  await ask(behind, { ...lies, 'x-forwarded-for': '1.1.1.1, 9.9.9.9', 'x-forwarded-host': 'shop.example:8443' });
  t.match(consumer.seen.at(-1), {
    ...own,
    'x-forwarded-for': '9.9.9.9',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'shop.example:8443',
  });
  await ask(behind, { ...lies, 'x-forwarded-proto': 'gopher', 'x-forwarded-host': 'a b"c' });
  t.match(
    consumer.seen.at(-1),
    { 'x-forwarded-proto': 'http', 'x-forwarded-host': own.host },
    'nonsense counts for nothing',
  );
});

t.test('a client cannot set its address, nor can a client in a private network', async (t) => {
  const consumer = await openConsumer(t);
  const behind = await startTestNginx(t, [consumer.address], { realIp: TRUSTS_US });
  for (const client of ['10.0.0.5', '172.18.0.9', '192.168.1.7', '100.64.0.8', 'fd00::7']) {
    await ask(behind, { 'x-forwarded-for': `9.9.9.9, ${client}` });
    t.equal(consumer.seen.at(-1)?.['x-forwarded-for'], client);
  }
});

t.test('with the PROXY protocol only the address is trusted', async (t) => {
  const consumer = await openConsumer(t);
  const realIp = 'set_real_ip_from 127.0.0.1; real_ip_header proxy_protocol;';
  const port = await startTestNginx(t, [consumer.address], { realIp, listens: 'proxy_protocol' });
  const socket = net.connect(port, '127.0.0.1');
  socket.write(
    'PROXY TCP4 203.0.113.7 127.0.0.1 5555 80\r\nGET / HTTP/1.0\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n',
  );
  let received = '';
  for await (const chunk of socket) received += chunk;
  t.match(received, /^HTTP\/1.1 200/);
  t.match(consumer.seen.at(-1), { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http' });
});

t.test('a request of HTTP/1.0 without Host is accepted', async (t) => {
  const consumer = await openConsumer(t);
  const port = await startTestNginx(t, [consumer.address]);
  const socket = net.connect(port, '127.0.0.1');
  socket.write('OPTIONS / HTTP/1.0\r\n\r\n');
  let received = '';
  for await (const chunk of socket) received += chunk;
  t.match(received, /^HTTP\/1.1 200/);
  t.equal(consumer.seen.at(-1)?.host, 'localhost');
});

t.test('a caller is a /64 network of IPv6, or an address of IPv4 in any notation', async (t) => {
  const consumer = await openConsumer(t);
  const limits = { addressRate: 1, addressBurst: 1, realIp: TRUSTS_US };
  const port = await startTestNginx(t, [consumer.address], limits);
  t.ok((await refusedOf(port, (i) => `2001:db8:0:1:${i}::${i}`)) > 5, 'one network');
  t.equal(await refusedOf(port, (i) => `2001:db8:0:1${i}::1`), 0, 'other networks');
  t.equal(await refusedOf(port, (i) => `198.51.100.${i}`), 0);
  t.equal(await refusedOf(port, (i) => `::ffff:192.0.2.${i}`), 0);
  t.ok((await refusedOf(port, (i) => (i % 2 ? '::ffff:203.0.113.1' : '203.0.113.1'))) > 5, 'one address');
});

t.test('reads of stocks do not use up the limit of orders, and Retry-After varies', async (t) => {
  const consumer = await openConsumer(t);
  const port = await startTestNginx(t, [consumer.address], { addressRate: 1, addressBurst: 2 });
  const order = async (path: string) => {
    const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST' });
    return status;
  };
  const flood = async (path: string) => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => ask(port, {}, path)));
    return answers.filter(({ status }) => status === 429);
  };
  const refused = await flood('/api/v1/stocks?state=open');
  t.ok(refused.length > 30, 'stocks');
  const seconds = new Set(refused.map(({ headers }) => headers.get('retry-after')));
  t.same([...seconds].sort(), ['1', '2', '3']);
  t.equal((await ask(port, {}, '/api/v1/time')).status, 200, 'polls leave room for the other requests');
  t.ok((await flood('/api/v1/time')).length > 30, 'the rest');
  t.ok((await flood('/api/v1/stocks/7')).length > 30, 'one stock');
  t.equal(await order('/api/v1/stocks/7/orders'), 200, 'all the others leave room for orders');
  const orders = await Promise.all(Array.from({ length: 60 }, () => order('/api/v1/stocks/8/orders')));
  t.ok(orders.filter((status) => status === 429).length > 30, 'which have a limit of their own');
});

t.test('concurrent requests of a caller are limited, and streams have separate limits', async (t) => {
  const consumer = await openConsumer(t);
  const limits = { addressRequests: 2, addressOrders: 1, addressStreams: 2, stockStreams: 3, realIp: TRUSTS_US };
  const port = await startTestNginx(t, [consumer.address], limits);
  const hold = (path: string, client: string) => {
    const request = http.get({ port, host: '127.0.0.1', path, headers: { 'x-forwarded-for': client }, agent: false });
    request.on('error', () => undefined);
    t.teardown(() => request.destroy());
  };
  const heldBecomes = (count: number) =>
    waitUntil(
      'the consumer to be asked',
      async () => {
        if (consumer.held.length !== count) throw new Error(`${consumer.held.length}`);
      },
      { limitMs: 10_000 },
    );
  const status = async (path: string, client: string) => (await ask(port, { 'x-forwarded-for': client }, path)).status;

  for (const _ of [1, 2]) hold('/api/v1/stocks/1/events', '192.0.2.1');
  await heldBecomes(2);
  t.equal(await status('/api/v1/stocks/1/events', '192.0.2.1'), 429, 'a third stream of one caller');
  hold('/api/v1/stocks/1/events', '192.0.2.2');
  await heldBecomes(3);
  t.equal(await status('/api/v1/stocks/2/events', '192.0.2.3'), 429, 'all have three streams of stocks together');
  for (const _ of [1, 2]) hold('/api/v1/orders/1-a/events', '192.0.2.1');
  await heldBecomes(5);
  t.equal(await status('/api/v1/orders/1-a/events', '192.0.2.1'), 429);
  t.equal(await status('/', '192.0.2.1'), 200, 'streams do not count as requests');
  const order = async (client: string) => {
    const url = `http://127.0.0.1:${port}/api/v1/stocks/1/orders`;
    const { status } = await fetch(url, { method: 'POST', headers: { 'x-forwarded-for': client } });
    return status;
  };
  const slow = http.request({
    port,
    host: '127.0.0.1',
    path: '/api/v1/stocks/1/orders',
    method: 'POST',
    headers: { 'x-forwarded-for': '192.0.2.1', 'content-length': 9, expect: '100-continue' },
  });
  const slowEnds = new Promise((resolve) => slow.on('error', resolve));
  slow.flushHeaders();
  await once(slow, 'continue');
  t.equal(await order('192.0.2.1'), 503, 'a second order of the caller, while nginx reads the body of the first');
  t.equal(await order('192.0.2.4'), 200, 'not those of others');
  t.match(await slowEnds, { code: 'ECONNRESET' }, 'a slow body');
  t.equal(await order('192.0.2.1'), 200);
  for (const _ of [1, 2]) hold('/held', '192.0.2.1');
  await heldBecomes(7);
  t.equal(await status('/', '192.0.2.1'), 429, 'two requests are under way');
  t.equal(await status('/', '192.0.2.4'), 200);
});

t.test('orders in flight are limited, so that no more have a connection to a consumer', async (t) => {
  const held: http.ServerResponse[] = [];
  let connections = 0;
  const server = http.createServer((_request, response) => void held.push(response));
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  const port = await startTestNginx(t, [`127.0.0.1:${(server.address() as AddressInfo).port}`], { ordersInFlight: 5 });
  const order = (sid: number) => fetch(`http://127.0.0.1:${port}/api/v1/stocks/${sid}/orders`, { method: 'POST' });

  const answers = Array.from({ length: 105 }, (_, i) => order(i + 1));
  const refused: Response[] = [];
  const collect = async (answer: Promise<Response>) => {
    const response = await answer;
    if (response.status === 503) refused.push(response);
    return response.status;
  };
  const statuses = answers.map(collect);
  await waitUntil(
    'the others to be refused',
    async () => {
      if (held.length !== 5 || refused.length !== 100) throw new Error(`${held.length}, ${refused.length}`);
    },
    { limitMs: 10_000 },
  );
  t.equal(connections, 5);
  t.match(await refused[0]?.json(), { type: '/problems/busy', title: problems.busy.title, status: 503, code: 'busy' });
  const seconds = new Set(refused.map(({ headers }) => Number(headers.get('retry-after'))));
  t.ok(seconds.size >= 6 && Math.min(...seconds) >= 1 && Math.max(...seconds) <= 8, [...seconds].join());
  t.equal((await ask(port, {}, '/.ready')).status, 200, 'other requests are not orders');
  for (const response of held) response.end('ok');
  t.equal((await Promise.all(statuses)).filter((status) => status === 200).length, 5);
  const next = order(1);
  await waitUntil(
    'the next order to be sent',
    async () => {
      if (held.length !== 6) throw new Error(`${held.length}`);
    },
    { limitMs: 10_000 },
  );
  held[5]?.end('ok');
  t.equal((await next).status, 200);
});

t.test('pages of configured origins can read errors of nginx itself', async (t) => {
  const corsOrigins = 'https://a.example,https://shop.example:8443';
  const port = await startTestNginx(t, ['127.0.0.1:1'], { corsOrigins });
  for (const origin of ['https://a.example', 'https://shop.example:8443']) {
    const { status, headers } = await ask(port, { origin }, '/api/v1/stocks');
    t.equal(status, 502);
    t.equal(headers.get('access-control-allow-origin'), origin);
    t.match(headers.get('access-control-expose-headers'), /retry-after/);
    t.equal(headers.get('vary'), 'Origin');
  }
  for (const origin of ['https://b.example', 'https://a', 'https://a.example,https://shop.example:8443', 'null', '']) {
    const { headers } = await ask(port, { origin }, '/api/v1/stocks');
    t.equal(headers.get('access-control-allow-origin'), null, origin);
    t.equal(headers.get('vary'), 'Origin');
  }
  const none = await ask(await startTestNginx(t, ['127.0.0.1:1']), { origin: 'https://a.example' }, '/');
  t.same([none.headers.get('access-control-allow-origin'), none.headers.get('vary')], [null, null]);
});

t.test(
  'with BUYERS=closed only the payment gateway, administrators and the page that checks draws reach a consumer',
  async (t) => {
    const consumer = await openConsumer(t);
    const port = await startTestNginx(t, [consumer.address], { admitsBuyers: false });
    const paths = [
      '/',
      '/api/v1/stocks/1',
      '/api/v1/stocks/1/orders',
      '/api/v1/orders',
      '/api/v1/payments',
      '/healthy',
    ];
    for (const path of paths) {
      const { status, headers, text } = await ask(port, {}, path);
      t.equal(status, 503, path);
      t.match(JSON.parse(text), { code: 'busy', status: 503 });
      t.match(headers.get('retry-after'), /^[1-8]$/);
      t.equal(headers.get('content-type'), 'application/problem+json');
    }
    t.equal(consumer.seen.length, 0);
    for (const path of [
      '/api/v1/payments/webhook',
      '/api/v1/payments/webhook/stripe',
      '/api/v1/admin/stocks',
      '/console',
      '/verify',
    ]) {
      t.equal((await ask(port, {}, path)).text, 'ok', path);
    }
    t.equal((await ask(port, {}, '/.ready')).status, 200);
  },
);
