import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { waitUntil } from '../ci/command/wait-until.ts';
import { startTestNginx } from '../ci/testing/servers/test-nginx.ts';
import { problems } from '../consumer/http/problem.ts';

type Seen = { method: string; url: string; headers: http.IncomingHttpHeaders; body: string };
type Answer = (seen: Seen, response: http.ServerResponse) => void;

/** A consumer that responds as configured, and records its requests. */
async function openConsumer(t: Test, answer: Answer) {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const received = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body };
      seen.push(received);
      answer(received, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

const SOLD_OUT = '{"type":"/problems/sold_out","status":410,"code":"sold_out"}';

/** The response of consumer/buying/buy-routes.ts, with headers that a mistake there might add. */
function answerSoldOut({ headers }: Seen, response: http.ServerResponse, extra: Record<string, string> = {}): void {
  response.writeHead(410, {
    'content-type': 'application/problem+json',
    'cache-control': 'no-store',
    'x-accel-expires': '1',
    'x-request-id': String(headers['x-request-id']),
    ratelimit: `"orders";r=${headers.authorization}`,
    'ratelimit-policy': '"orders";q=1;w=1',
    'x-served-by': 'consumer-1',
    ...extra,
  });
  response.end(SOLD_OUT);
}

let sids = 0;
function nextPath(): string {
  sids += 1;
  return `/api/v1/stocks/${sids}/orders`;
}

async function post(port: number, path: string, headers: Record<string, string> = {}, body = '{}') {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

t.test('a consumer gets the request id and the trace of the client, or a request id of nginx', async (t) => {
  const seen: Seen['headers'][] = [];
  const consumer = await openConsumer(t, ({ headers }, response) => {
    seen.push(headers);
    response.end();
  });
  const port = await startTestNginx(t, [consumer.address]);
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  await post(port, nextPath(), { 'x-request-id': 'mine', traceparent, tracestate: 'a=1' });
  const own = await post(port, nextPath(), { 'x-request-id': 'not an id' });
  t.match(seen[0], { 'x-request-id': 'mine', traceparent, tracestate: 'a=1' });
  t.match(seen[1], { 'x-request-id': /^[0-9a-f]{32}$/ });
  t.equal(seen[1]?.['x-request-id'], own.headers.get('x-request-id'));
});

t.test('sold out is served from the cache for all buyers and bodies, and contains no buyer', async (t) => {
  const consumer = await openConsumer(t, answerSoldOut);
  const port = await startTestNginx(t, [consumer.address]);
  const path = nextPath();
  const ann = await post(port, path, { authorization: 'Bearer ann', 'x-request-id': 'ann-1' }, '{"a":1}');
  t.equal(ann.headers.get('x-cache-status'), 'MISS');
  t.equal(ann.headers.get('ratelimit'), '"orders";r=Bearer ann', 'of the first request');
  const bob = await post(port, path, { authorization: 'Bearer bob', 'x-request-id': 'bob-1' }, '{"b":2}');
  const anonymous = await post(port, path, { 'idempotency-key': '"k"', 'idempotency-attempt': '1' });
  for (const answer of [ann, bob, anonymous]) {
    t.match(answer, { status: 410, body: SOLD_OUT });
    t.equal(answer.headers.get('content-type'), 'application/problem+json');
    t.equal(answer.headers.get('cache-control'), 'no-store', 'no other cache may store it');
    t.equal(answer.headers.get('x-accel-expires'), null);
  }
  t.equal(bob.headers.get('x-cache-status'), 'HIT');
  t.equal(bob.headers.get('x-request-id'), 'bob-1');
  t.match(anonymous.headers.get('x-request-id'), /^[0-9a-f]{32}$/);
  for (const name of ['ratelimit', 'ratelimit-policy', 'x-served-by']) t.equal(bob.headers.get(name), null, name);
  t.equal(consumer.seen.length, 1);
  t.equal((await post(port, nextPath())).headers.get('x-cache-status'), 'MISS', 'another stock');
});

t.test('no other response is cached', async (t) => {
  const consumer = await openConsumer(t, ({ headers }, response) => {
    const extra = headers['x-claims'] === 'yes' ? { 'x-accel-expires': '60', 'cache-control': 'max-age=60' } : {};
    response.writeHead(Number(headers['x-status']), { 'cache-control': 'no-store', ...extra });
    response.end(String(headers.authorization));
  });
  const port = await startTestNginx(t, [consumer.address]);
  for (const status of [200, 201, 202, 403, 404, 409, 410, 429, 503]) {
    const path = nextPath();
    for (const buyer of ['ann', 'bob']) {
      const answer = await post(port, path, { authorization: buyer, 'x-status': String(status) });
      t.match(answer, { status, body: buyer });
    }
    if (status === 410 || status === 409) continue;
    for (const buyer of ['ann', 'bob']) {
      const answer = await post(port, path, { authorization: buyer, 'x-status': String(status), 'x-claims': 'yes' });
      t.match(answer, { status, body: buyer }, `${status}, even if it claims to be for all`);
    }
  }
});

t.test('a request that may be a repeat reaches the consumer, and its response is not cached', async (t) => {
  const consumer = await openConsumer(t, answerSoldOut);
  const port = await startTestNginx(t, [consumer.address]);
  const path = nextPath();
  const key = { 'idempotency-key': '"k"' };
  const cacheOf = async (headers: Record<string, string>) =>
    (await post(port, path, headers)).headers.get('x-cache-status');
  await post(port, path, key);
  t.equal(await cacheOf({}), 'MISS', 'the answer to the key has stored nothing');
  t.equal(await cacheOf({}), 'HIT');
  // Cache directives of a request have no effect.
  t.equal(await cacheOf({ 'cache-control': 'no-cache' }), 'HIT', 'without a key');
  t.equal(
    await cacheOf({ ...key, 'idempotency-attempt': '1', 'cache-control': 'No-Cache' }),
    'HIT',
    'the first attempt',
  );
  const own = [{}, { 'idempotency-attempt': '2' }, { 'idempotency-attempt': '' }, { 'idempotency-attempt': '1, 1' }];
  for (const attempt of own) t.equal(await cacheOf({ ...key, ...attempt }), 'BYPASS', JSON.stringify(attempt));
  t.equal(consumer.seen.length, 6);
});

t.test('only POST is served from the cache', async (t) => {
  const consumer = await openConsumer(t, (seen, response) => {
    if (seen.method === 'POST') answerSoldOut(seen, response);
    else response.writeHead(405, { 'x-accel-expires': '1' }).end();
  });
  const port = await startTestNginx(t, [consumer.address]);
  const path = nextPath();
  await post(port, path);
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE']) {
    const { status } = await fetch(`http://127.0.0.1:${port}${path}`, { method });
    t.equal(status, 405, method);
  }
  t.equal((await post(port, path)).headers.get('x-cache-status'), 'HIT');
});

t.test('pages of several origins get the headers of their own origin', async (t) => {
  const consumer = await openConsumer(t, (seen, response) => {
    const origin = seen.headers.origin ?? '';
    answerSoldOut(seen, response, { vary: 'Origin', ...(origin && { 'access-control-allow-origin': origin }) });
  });
  const port = await startTestNginx(t, [consumer.address]);
  const path = nextPath();
  for (const origin of ['https://a.example', 'https://b.example', 'https://a.example']) {
    const { headers } = await post(port, path, { origin });
    t.equal(headers.get('access-control-allow-origin'), origin);
  }
});

t.test('a returned unit can be bought within 3 s', async (t) => {
  let isSoldOut = true;
  const consumer = await openConsumer(t, (seen, response) => {
    if (isSoldOut) answerSoldOut(seen, response);
    else response.writeHead(201, { 'cache-control': 'no-store' }).end('{}');
  });
  const port = await startTestNginx(t, [consumer.address]);
  const path = nextPath();
  await post(port, path);
  t.equal((await post(port, path)).headers.get('x-cache-status'), 'HIT');
  isSoldOut = false;
  const fromMs = performance.now();
  await waitUntil(
    'a 201',
    async () => {
      const { status } = await post(port, path);
      if (status !== 201) throw new Error(`${status}`);
    },
    { limitMs: 5000 },
  );
  t.ok(performance.now() - fromMs < 3000, `${performance.now() - fromMs} ms`);
});

t.test(
  '"units go to offers" is served from the cache, and orders reach the consumer again within 3 s of its end',
  async (t) => {
    let isOffersOnly = true;
    const consumer = await openConsumer(t, (_seen, response) => {
      if (isOffersOnly) response.writeHead(409, { 'x-accel-expires': '1' }).end('entry_required');
      else response.writeHead(409, { 'cache-control': 'no-store' }).end('paused');
    });
    const port = await startTestNginx(t, [consumer.address]);
    const path = nextPath();
    t.match(await post(port, path), { status: 409, body: 'entry_required' });
    const cached = await post(port, path);
    t.match(cached, { status: 409, body: 'entry_required' });
    t.equal(cached.headers.get('x-cache-status'), 'HIT');
    const repeat = await post(port, path, { 'idempotency-key': '"k"' });
    t.equal(repeat.headers.get('x-cache-status'), 'BYPASS', 'a repeat reaches the consumer');
    isOffersOnly = false;
    const fromMs = performance.now();
    await waitUntil(
      'the answer of the consumer',
      async () => {
        const { body } = await post(port, path);
        if (body !== 'paused') throw new Error(body);
      },
      { limitMs: 5000 },
    );
    t.ok(performance.now() - fromMs < 3000, `${performance.now() - fromMs} ms`);
    t.not((await post(port, path)).headers.get('x-cache-status'), 'HIT', 'another 409 is not stored');
  },
);

t.test('no stale response is served when a consumer dies', async (t) => {
  const consumer = await openConsumer(t, (seen, response) => {
    if (consumer.seen.length === 1) answerSoldOut(seen, response);
    else response.destroy();
  });
  const port = await startTestNginx(t, [consumer.address]);
  const path = nextPath();
  await post(port, path);
  await waitUntil(
    'the entry to be over',
    async () => {
      const { status } = await post(port, path);
      if (status !== 502) throw new Error(`${status}`);
    },
    { limitMs: 5000 },
  );
});

t.test('orders of a stock do not wait for each other', async (t) => {
  const consumer = await openConsumer(t, (_seen, response) => {
    setTimeout(() => response.writeHead(201, { 'cache-control': 'no-store' }).end(), 300);
  });
  const port = await startTestNginx(t, [consumer.address]);
  const path = nextPath();
  const fromMs = performance.now();
  await Promise.all(Array.from({ length: 10 }, () => post(port, path)));
  t.ok(performance.now() - fromMs < 2500);
});

t.test('a GET is retried on the next consumer, a POST and a ladder request are not', async (t) => {
  // Accepts the request and dies without a response, so that its result is unknown.
  const dying = await openConsumer(t, (_seen, response) => response.destroy());
  const good = await openConsumer(t, (_seen, response) =>
    response.writeHead(200, { 'x-accel-expires': '9' }).end('good'),
  );
  let resent = 0;
  const send = async (method: string, path: string): Promise<number> => {
    // A new nginx each time, since it does not use a failed replica for a second.
    const port = await startTestNginx(t, [dying.address, good.address]);
    const [before, goodBefore] = [dying.seen.length, good.seen.length];
    let status = 0;
    for (let tries = 0; tries < 4 && dying.seen.length === before; tries += 1) {
      resent = good.seen.length;
      status = (await fetch(`http://127.0.0.1:${port}${path}`, { method })).status;
    }
    t.ok(dying.seen.length > before, 'the dying consumer was called');
    resent = good.seen.length - (dying.seen.length > before ? resent : goodBefore);
    return status;
  };
  t.equal(await send('GET', '/api/v1/stocks/1'), 200);
  t.equal(resent, 1);
  for (const [method, path] of [
    ['POST', '/api/v1/stocks/1/orders'],
    ['POST', '/api/v1/payments/webhook'],
    ['POST', '/api/v1/payments/webhook/stripe'],
    ['GET', '/createWrongOrder/1'],
    ['GET', '/createOptimisticLimitOrderByRedisAndKafka/1'],
    ['POST', '/createPessimisticOrder/1'],
  ] as const) {
    t.equal(await send(method, path), 502, `${method} ${path}`);
    t.equal(resent, 0, `${method} ${path}`);
  }
});

t.test('a POST that was not sent yet goes to the next consumer', async (t) => {
  const good = await openConsumer(t, (_seen, response) => response.writeHead(201).end());
  const port = await startTestNginx(t, ['127.0.0.1:1', good.address]);
  for (let i = 0; i < 4; i += 1) t.equal((await post(port, nextPath())).status, 201);
  t.equal(good.seen.length, 4);
});

t.test('ladder requests are never served from the cache', async (t) => {
  const consumer = await openConsumer(t, (_seen, response) =>
    response.writeHead(410, { 'x-accel-expires': '60', 'cache-control': 'max-age=60' }).end('0'),
  );
  const port = await startTestNginx(t, [consumer.address]);
  for (const path of ['/createWrongOrder/1', '/createOptimisticLimitOrderByRedis/1', '/getStockNum']) {
    for (const method of ['GET', 'POST'])
      for (let i = 0; i < 2; i += 1) await fetch(`http://127.0.0.1:${port}${path}`, { method });
  }
  t.equal(consumer.seen.length, 12);
});

t.test('events are not buffered, and streams live longer than other responses', async (t) => {
  const consumer = await openConsumer(t, (_seen, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', connection: 'close' });
    response.write('data: 1\n\n');
    setTimeout(() => response.write('data: 2\n\n'), 300);
    setTimeout(() => response.end('data: 3\n\n'), 5600);
  });
  const port = await startTestNginx(t, [consumer.address]);
  for (const path of ['/api/v1/stocks/7/events', '/api/v1/stocks/7/entry/events']) {
    const fromMs = performance.now();
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    const times: number[] = [];
    for await (const _chunk of response.body ?? []) times.push(performance.now() - fromMs);
    t.equal(times.length, 3);
    t.ok((times[0] ?? 9e9) < 2500, `first after ${times[0]} ms`);
    t.ok((times[1] ?? 9e9) < 4000, `second after ${times[1]} ms`);
    t.ok((times[2] ?? 0) > 5500, 'longer than proxy_read_timeout elsewhere');
  }
});

/** Checks that an error of nginx itself is a problem like those of the API. */
function isProblem(
  t: Test,
  answer: { status: number; headers: Headers; body: string },
  status: number,
  code: keyof typeof problems,
) {
  t.equal(answer.status, status);
  t.equal(answer.headers.get('content-type'), 'application/problem+json');
  t.equal(answer.headers.get('cache-control'), 'no-store');
  const requestId = answer.headers.get('x-request-id');
  t.ok(requestId);
  t.same(JSON.parse(answer.body), { type: `/problems/${code}`, title: problems[code].title, status, code, requestId });
}

t.test('errors of nginx itself are problems', async (t) => {
  const silent = await openConsumer(t, () => undefined);
  const port = await startTestNginx(t, ['127.0.0.1:1']);
  const down = await post(port, nextPath());
  isProblem(t, down, 502, 'unavailable');
  t.match(down.headers.get('retry-after'), /^[123]$/);
  isProblem(t, await post(port, '/api/v1/else'), 502, 'unavailable');
  isProblem(t, await post(port, '/', {}, 'x'.repeat(70_000)), 413, 'body_too_large');
  isProblem(t, await post(port, `/${'x'.repeat(17_000)}`), 414 as never, 'bad_request');
  const slow = await post(await startTestNginx(t, [silent.address]), nextPath());
  isProblem(t, slow, 504, 'unavailable');
  t.match(slow.headers.get('retry-after'), /^[123]$/);
  const headers = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`x-big-${i}`, 'x'.repeat(15_000)]));
  isProblem(t, await post(port, '/', headers), 431, 'headers_too_large');
  t.match(await speak(port, 'GET / HTTP/1.1\r\nHost: a b\r\n\r\n'), /^HTTP\/1.1 400[\s\S]*"code":"bad_request"/);
  isProblem(t, await post(port, '/.problem'), 404, 'not_found');
});

t.test('problems of a consumer are not changed', async (t) => {
  const consumer = await openConsumer(t, (_seen, response) =>
    response.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '7' }).end('{"code":"busy"}'),
  );
  const port = await startTestNginx(t, [consumer.address]);
  const answer = await post(port, nextPath());
  t.match(answer, { status: 503, body: '{"code":"busy"}' });
  t.equal(answer.headers.get('retry-after'), '7');
});

t.test('requests of one address are limited before the cache and the consumers', async (t) => {
  const consumer = await openConsumer(t, answerSoldOut);
  const port = await startTestNginx(t, [consumer.address], { addressRate: 1, addressBurst: 5 });
  const path = nextPath();
  const answers = await Promise.all(Array.from({ length: 20 }, () => post(port, path)));
  const limited = answers.filter(({ status }) => status === 429);
  t.ok(limited.length >= 12 && limited.length <= 14, `${limited.length} of 20`);
  isProblem(t, limited[0] as (typeof limited)[number], 429, 'too_many_requests');
  t.match(limited[0]?.headers.get('retry-after'), /^[123]$/);
});

async function speak(port: number, text: string): Promise<string> {
  const socket = net.connect(port, '127.0.0.1');
  socket.end(text);
  let received = '';
  for await (const chunk of socket) received += chunk;
  return received;
}
