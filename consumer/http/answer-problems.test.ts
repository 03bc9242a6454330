import { request } from 'node:http';
import net from 'node:net';
import t, { type Test } from 'tap';
import { type ApiAnswer, callApi } from '../../ci/testing/clients/call-api.ts';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../ci/testing/servers/start-test-system.ts';
import { startTestProxy } from '../../ci/testing/servers/test-proxy.ts';
import { type ProblemCode, problems } from './problem.ts';

const servers = await createTestServers(t);
const provider = await startTestProvider(t, servers);
const url = await startTestConsumer(t, servers, [provider], { DEMO: 'on' });
const api = `${url}/api/v1`;

/** The answer is exactly this problem and contains no internals. */
function isProblem(t: Test, { status, headers, text, body }: ApiAnswer, code: ProblemCode): void {
  t.equal(body.code, code, text);
  t.equal(status, problems[code].status);
  t.match(headers.get('content-type'), /^application\/problem\+json/);
  t.match(body, { type: `/problems/${code}`, title: problems[code].title, status, detail: String });
  t.equal(body.requestId, headers.get('x-request-id'));
  t.equal(headers.get('cache-control'), 'no-store');
  t.notMatch(text, /\.ts|node_modules|at .*:\d+:\d+|Error/);
}

t.test('the type of every problem is the address of a page', async (t) => {
  for (const [code, { title }] of Object.entries(problems)) {
    const { status, headers, text } = await callApi(url, `/problems/${code}`);
    t.equal(status, 200, code);
    t.match(headers.get('content-type'), /^text\/html/);
    t.ok(text.includes(`<h1>${title}</h1>`), title);
    t.notMatch(text, /<script|`/);
  }
  t.match((await callApi(url, '/problems')).text, 'href="/problems/sold_out"');
  t.match((await callApi(url, '/problems/none')).body, { code: 'not_found' });
});

t.test('an unknown path is answered with 404, at the root and in the API', async (t) => {
  isProblem(t, await callApi(url, '/nope'), 'not_found');
  isProblem(t, await callApi(api, '/nope?x=1'), 'not_found');
  isProblem(t, await callApi(url, '/%zz'), 'bad_request');
});

t.test('an unknown method is answered with 405 and the methods of the path', async (t) => {
  const answer = await callApi(api, '/stocks/7', { method: 'DELETE' });
  isProblem(t, answer, 'method_not_allowed');
  t.equal(answer.headers.get('allow'), 'GET, HEAD, OPTIONS');
  const orders = await callApi(api, '/admin/stocks', { method: 'PUT', as: 'admin' });
  t.equal(orders.headers.get('allow'), 'GET, HEAD, OPTIONS, POST');
});

t.test('OPTIONS of a known path is answered, for health checks', async (t) => {
  const allowed: [string, string][] = [
    ['/', 'GET, HEAD, OPTIONS'],
    ['/health', 'GET, HEAD, OPTIONS'],
    ['/api/v1/stocks/7/orders', 'OPTIONS, POST'],
    ['/api/v1/payments/webhook', 'OPTIONS, POST'],
    ['/api/v1/payments/pay_1', 'GET, HEAD, OPTIONS'],
  ];
  for (const [path, allow] of allowed) {
    const answer = await callApi(url, path, { method: 'OPTIONS' });
    t.match(answer, { status: 204, text: '' }, path);
    t.equal(answer.headers.get('allow'), allow);
  }
  isProblem(t, await callApi(url, '/nope', { method: 'OPTIONS' }), 'not_found');
});

t.test('an empty body counts as no body, whatever its Content-Type', async (t) => {
  const types = [
    'application/json',
    'Application/JSON; Charset=UTF-8',
    'text/xml',
    'application/x-www-form-urlencoded',
    ';;;=',
  ];
  for (const type of types) {
    const headers = { 'content-type': type };
    for (const body of [new Uint8Array(), ReadableStream.from<Uint8Array>([])]) {
      const send = { method: 'POST', headers, body, duplex: 'half' as const };
      // A type that makes no sense is refused before it is known that no body comes.
      if (type === ';;;=' && body instanceof ReadableStream) continue;
      const { status } = await fetch(`${api}/demo/tokens`, send);
      t.equal(status, 200, `${type} ${body.constructor.name}`);
    }
  }
  const cancelled = await callApi(api, '/orders/1-a/cancel', { method: 'POST', as: 'ann', body: '' });
  isProblem(t, cancelled, 'order_not_found');
  isProblem(
    t,
    await callApi(api, '/demo/tokens', { body: 'x', headers: { 'content-type': 'text/xml' } }),
    'unsupported_media_type',
  );
});

const bodies: [string, unknown, Record<string, string>, ProblemCode][] = [
  ['JSON that breaks off', '{"name": ', {}, 'bad_request'],
  ['an empty body where one is needed', '', {}, 'invalid_request'],
  ['a body of another kind', '<a/>', { 'content-type': 'text/xml' }, 'unsupported_media_type'],
  ['a body that is too large', JSON.stringify({ name: 'x'.repeat(70_000) }), {}, 'body_too_large'],
  ['a poisoned prototype', '{"__proto__": {"admin": true}}', {}, 'bad_request'],
  ['a list', [], {}, 'invalid_request'],
  [
    'an unknown field',
    { name: 'A', count: 1, price: { amount: 1, currency: 'EUR' }, colour: 'red' },
    {},
    'invalid_request',
  ],
  ['a missing field', { name: 'A', count: 1 }, {}, 'invalid_request'],
  ['a number written as text', { name: 'A', count: '1', price: { amount: 1, currency: 'EUR' } }, {}, 'invalid_request'],
  [
    'a time that is none',
    { name: 'A', count: 1, price: { amount: 1, currency: 'EUR' }, opensAt: 'soon' },
    {},
    'invalid_request',
  ],
];
for (const [name, body, headers, code] of bodies) {
  t.test(`${name} is refused`, async (t) => {
    isProblem(t, await callApi(api, '/admin/stocks', { body, headers, as: 'admin' }), code);
  });
}

t.test('a lone surrogate is refused, and a pair is not', async (t) => {
  const headers = { ...bearer('admin', { roles: ['admin'] }), 'content-type': 'application/json' };
  const send = (body: string | Uint8Array<ArrayBuffer>) =>
    fetch(`${api}/admin/stocks`, { method: 'POST', headers, body });
  const named = (name: string) => `{"name": "${name}", "count": 1, "price": {"amount": 1, "currency": "EUR"}}`;
  for (const half of ['\\ud800', '\\uDBFF\\ud800', 'a\\udc00b']) t.equal((await send(named(half))).status, 400, half);
  t.equal((await send('{"na\\ud800me": 1}')).status, 400, 'in a name of a field');
  // As many bytes as the character that would take their place, so that the length reveals nothing.
  const [before = '', after = ''] = named('|').split('|');
  const cut = Buffer.concat([Buffer.from(before), Buffer.from([0xf0, 0x9f, 0x98]), Buffer.from(after)]);
  t.equal((await send(new Uint8Array(cut))).status, 400, 'no UTF-8');
  const good: [string, string][] = [
    ['\\ud83d\\ude00', '😀'],
    ['\\\\ud800', '\\ud800'],
    ['😀', '😀'],
  ];
  for (const [written, name] of good) {
    const answer = await send(named(written));
    t.equal(answer.status, 201, written);
    t.match(await answer.json(), { name });
  }
});

t.test('an invalid request lists its invalid fields', async (t) => {
  const at = async (path: string, body?: unknown) =>
    (await callApi(api, path, { as: 'admin', ...(body !== undefined && { body }) })).body.errors;
  t.same(await at('/admin/stocks', { name: 'A', count: 1, price: { amount: 1, currency: 'EUR' }, colour: 'red' }), [
    { in: 'body', field: 'colour', message: 'is unknown' },
  ]);
  t.match(await at('/admin/stocks', { name: 'A', count: -1, price: { amount: 1, currency: 'EUR' } }), [
    { in: 'body', field: 'count' },
  ]);
  t.match(await at('/orders?limit=1000'), [{ in: 'querystring', field: 'limit' }]);
  t.match(await at('/orders?page=2'), [{ in: 'querystring', field: 'page', message: 'is unknown' }]);
  t.match(await at('/stocks/abc'), [{ in: 'params', field: 'sid' }]);
});

t.test('the details of a provider’s INVALID_ARGUMENT are sent to the client', async (t) => {
  const answer = await callApi(api, '/orders?cursor=zzz', { as: 'ann' });
  isProblem(t, answer, 'invalid_request');
  t.match(answer.body.detail, /cursor/i);
});

t.test('a safe request id is kept, others are replaced', async (t) => {
  const given = await callApi(url, '/nope', { headers: { 'x-request-id': 'abc-1.2_3' } });
  t.equal(given.headers.get('x-request-id'), 'abc-1.2_3');
  for (const bad of ['x'.repeat(65), 'a b', '{"a":1}']) {
    const answer = await callApi(api, '/stocks', { headers: { 'x-request-id': bad } });
    t.match(answer.headers.get('x-request-id'), /^[0-9a-f-]{36}$/, 'also in an answer that is no problem');
  }
});

t.test('bytes that are not HTTP are answered with a problem, and the connection closes', async (t) => {
  const say = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = net.connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (part) => {
        answer += part;
      });
      socket.on('end', () => resolve(answer)).on('error', reject);
    });
  t.match(await say('OPTIONS / HTTP/1.0\r\n\r\n'), /^HTTP\/1\.[01] 204 /, 'HTTP/1.0 needs no Host');
  t.match(await say('what is this?\r\n\r\n'), /^HTTP\/1\.1 400 [\s\S]*problem\+json[\s\S]*"code":"bad_request"/);
  const long = `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(20_000)}\r\n\r\n`;
  t.match(await say(long), /^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/);
});

t.test('every response has the security headers', async (t) => {
  for (const path of ['/nope', '/api/v1/stocks', '/docs/']) {
    const { headers } = await callApi(url, path);
    t.equal(headers.get('x-content-type-options'), 'nosniff');
    t.equal(headers.get('referrer-policy'), 'no-referrer');
    t.match(headers.get('content-security-policy'), /default-src '(none|self)'/);
    t.equal(headers.get('access-control-allow-origin'), null, 'no other origin by default');
  }
});

t.test('without a provider the answer is 503 with Retry-After, not 500', async (t) => {
  const proxy = await startTestProxy(t, `127.0.0.1:${provider}`);
  const port = Number(proxy.address.split(':')[1]);
  const alone = await startTestConsumer(t, servers, [port], { CALL_DEADLINE_MS: '500' });
  const sid = await createTestStock(servers.mysql);
  proxy.cut();
  for (const path of [`/api/v1/stocks/${sid}`, '/api/v1/stocks', '/api/v1/orders']) {
    const answer = await callApi(alone, path, { as: 'ann' });
    isProblem(t, answer, 'unavailable');
    t.match(answer.headers.get('retry-after'), /^[123]$/);
  }
});

t.test('CORS allows the configured origins and no others', async (t) => {
  const CORS_ORIGINS = 'https://Shop.Example:443,http://localhost:5173';
  const open = await startTestConsumer(t, servers, [provider], { CORS_ORIGINS });
  const from = (origin: string) => callApi(open, '/api/v1/orders', { headers: { origin } });
  const answer = await from('https://shop.example');
  t.equal(answer.status, 401, 'the page can read the problem');
  t.equal(answer.headers.get('access-control-allow-origin'), 'https://shop.example');
  t.match(answer.headers.get('access-control-expose-headers'), /retry-after/);
  for (const path of ['/api/v1/nope', '/api/v1/stocks/7/nope']) {
    const unknown = await callApi(open, path, { headers: { origin: 'https://shop.example' } });
    t.match(unknown, { status: 404, body: { code: 'not_found' } });
    t.equal(unknown.headers.get('access-control-allow-origin'), 'https://shop.example', path);
  }
  t.equal((await from('https://evil.example')).headers.get('access-control-allow-origin'), null);
  const preflight = await callApi(open, '/api/v1/stocks/7/orders', {
    method: 'OPTIONS',
    headers: {
      origin: 'http://localhost:5173',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,idempotency-key,idempotency-attempt',
    },
  });
  t.equal(preflight.status, 204);
  t.match(preflight.headers.get('access-control-allow-headers'), /idempotency-key/);
});

t.test('a delayed event loop is answered with 503 busy, except during the start', async (t) => {
  const tired = await startTestConsumer(t, servers, [provider], { EVENT_LOOP_DELAY_MS: '60' });
  const startedMs = performance.now();
  let answer = await callApi(tired, '/api/v1/stocks');
  while (answer.status === 200 && performance.now() < startedMs + 6000) {
    const blockedUntilMs = performance.now() + 200;
    while (performance.now() < blockedUntilMs);
    answer = await callApi(tired, '/api/v1/stocks');
  }
  isProblem(t, answer, 'busy');
  t.match(answer.headers.get('retry-after'), /^[123]$/);
  t.ok(performance.now() > startedMs + 1900, 'it was late from the start, and refused no request for two seconds');
});

t.test('paths outside the folder of static files are answered with 404', async (t) => {
  for (const path of ['%5c', 'a%5cb', '..%5c..%5cpackage.json', '%2e%2e/x', '%00', 'a'.repeat(3000)]) {
    isProblem(t, await callApi(url, `/pages/assets/${path}`), 'not_found');
  }
});

t.test('with ALLOWED_HOSTS, requests for other hosts are refused', async (t) => {
  const own = await startTestConsumer(t, servers, [provider], {
    ALLOWED_HOSTS: 'localhost,127.0.0.1,[::1]',
    DEMO: 'on',
  });
  const statusFor = (host: string, path = '/api/v1/demo/tokens') =>
    new Promise<number | undefined>((resolve, reject) => {
      const { hostname, port } = new URL(own);
      const call = request({ hostname, port, path, method: 'POST', headers: { host } }, (response) => {
        response.resume().once('end', () => resolve(response.statusCode));
      });
      call.once('error', reject).end();
    });
  for (const host of ['localhost', 'LOCALHOST:8080', '127.0.0.1:1', '[::1]:8080'])
    t.equal(await statusFor(host), 200, host);
  for (const host of [
    'evil.example',
    'localhost.evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost@evil.example',
  ]) {
    t.equal(await statusFor(host), 400, host);
  }
  t.equal(await statusFor('evil.example', '/docs/'), 400);
});

t.test('demo tokens need DEMO=on', async (t) => {
  const { status, body } = await callApi(api, '/demo/tokens', { body: { buyer: 'ann', minutes: 1 } });
  t.equal(status, 200);
  t.match(body, { buyer: 'ann', token: String, expiresAt: String });
  t.ok(Math.abs(Date.parse(String(body.expiresAt)) - Date.now() - 60_000) < 3000);
  const headers = { authorization: `Bearer ${body.token}` };
  t.equal((await callApi(api, '/orders', { headers })).status, 200);
  t.equal((await callApi(api, '/admin/stocks/1/orders', { headers })).body.code, 'forbidden');
  const empty = await callApi(api, '/demo/tokens', { method: 'POST' });
  t.match(empty.body.buyer, /^demo-/, 'no body is as good as an empty one');
  const admin = await callApi(api, '/demo/tokens', { body: { role: 'admin' } });
  const asAdmin = { authorization: `Bearer ${admin.body.token}` };
  t.equal((await callApi(api, '/admin/stocks/4/orders', { headers: asAdmin })).body.code, 'stock_not_found');
  isProblem(t, await callApi(api, '/demo/tokens', { body: { role: 'root' } }), 'invalid_request');
  const off = await startTestConsumer(t, servers, [provider]);
  isProblem(t, await callApi(off, '/api/v1/demo/tokens', { body: {} }), 'not_found');
});
