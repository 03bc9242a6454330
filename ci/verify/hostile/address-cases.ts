import { type HttpCase, type HttpTargets, httpBytes } from './send-raw-http.ts';

type Header = readonly [string, string];

const SIDS = ['-1', '0', '1.5', '9007199254740992', 'text', '%20', `1'%20OR%20'1'='1`, '1;DROP%20TABLE%20stock', '1e3'];
const MORE_SIDS = ['0x1F', '%2B1', '01', '1%20', '%EF%BC%91', 'NaN', 'null', 'true', '1,2', '__proto__'];
const ACCEPTS_EVENTS = ['Accept', 'text/event-stream'] as const;

/** Invalid stock ids, for every route with a stock id. */
export function stockIdCases({ ann, admin }: HttpTargets): HttpCase[] {
  return [...SIDS, ...MORE_SIDS, '9'.repeat(150)].flatMap((sid): HttpCase[] => {
    const name = sid.length > 100 ? '999…' : sid;
    const patch = {
      method: 'PATCH',
      headers: [admin, ['Content-Type', 'application/json']] as Header[],
      body: '{"paused":true}',
    };
    const order = httpBytes({ method: 'POST', path: `/api/v1/stocks/${sid}/orders`, headers: [ann], body: '' });
    const events = httpBytes({ path: `/api/v1/stocks/${sid}/events`, headers: [ACCEPTS_EVENTS] });
    const audit = httpBytes({ path: `/api/v1/admin/stocks/${sid}/audit`, headers: [admin] });
    return [
      [`stock ${name}`, [httpBytes({ path: `/api/v1/stocks/${sid}` })], 400, 'invalid_request'],
      [`an order of stock ${name}`, [order], 400, 'invalid_request'],
      [`the events of stock ${name}`, [events], 400, 'invalid_request'],
      [`the audit of stock ${name}`, [audit], 400, 'invalid_request'],
      [
        `a change of stock ${name}`,
        [httpBytes({ ...patch, path: `/api/v1/admin/stocks/${sid}` })],
        400,
        'invalid_request',
      ],
      [`the ladder's stock ${name}`, [httpBytes({ path: `/createWrongOrder/${sid}` })], 200],
    ];
  });
}

/** Paths, queries and methods. */
export function pathCases({ ann, admin, sid }: HttpTargets): HttpCase[] {
  const get = (path: string, ...headers: Header[]) => [httpBytes({ path, headers })];
  const method = (name: string, path = '/api/v1/stocks') => [httpBytes({ method: name, path, headers: [ann] })];
  const order = (path: string) => [httpBytes({ method: 'POST', path, headers: [ann], body: '' })];
  const buy = `/api/v1/stocks/${sid}/orders`;
  return [
    ['TRACE', method('TRACE'), 405, 'method_not_allowed'],
    ['CONNECT', method('CONNECT', 'sale.example:443'), 400, 'bad_request'],
    ['PROPFIND', method('PROPFIND'), 405, 'method_not_allowed'],
    ['QUERY', method('QUERY'), 405, 'method_not_allowed'],
    ['PUT of an order', method('PUT', buy), 405, 'method_not_allowed'],
    ['an unknown method', method('SELL'), 400, 'bad_request'],
    ['a method in lower case', method('get'), 400, 'bad_request'],
    ['OPTIONS *', method('OPTIONS', '*'), 400, 'bad_request'],
    ['dots above the root', get('/../../../etc/passwd'), 400, 'bad_request'],
    ['dots in a path', get('/api/v1/../../etc/passwd'), 404, 'not_found'],
    ['encoded dots', get('/api/v1/%2e%2e/%2e%2e/%2e%2e/etc/passwd'), 400, 'bad_request'],
    ['dots in a stock id', order(`/api/v1/stocks/0/../${sid}/orders`), 404, 'not_found'],
    ['slashes in a stock id', order(`/api/v1/stocks/0%2F..%2F${sid}/orders`), 400, 'invalid_request'],
    ['a double slash', order(`//api/v1/stocks/${sid}/orders`), 404, 'not_found'],
    ['a trailing slash', order(`${buy}/`), 404, 'not_found'],
    ['capital letters', order(`/API/v1/stocks/${sid}/orders`), 404, 'not_found'],
    ['a truncated percent escape', get('/api/v1/stocks/%'), 400, 'bad_request'],
    ['an invalid percent escape', get('/%zz'), 400, 'bad_request'],
    ['NUL as a stock id', get('/api/v1/stocks/%00'), 400, 'bad_request'],
    ['a path with NUL', get('/api/v1/stocks%00'), 400],
    ['a path of invalid UTF-8', get('/api/v1/stocks/%ff%fe'), 400],
    ['a path with a line break', get('/api/v1/stocks%0d%0aSet-Cookie:%20a=b'), 404, 'not_found'],
    ['backslashes', get('/api\\v1\\stocks'), 404, 'not_found'],
    ['a path of 20 KB', get(`/${'x'.repeat(20_000)}`), 414, 'bad_request'],
    ['an absolute URL of another host', get('http://evil.example/api/v1/nope'), 404, 'not_found'],
    ['nginx’s internal location', get('/.problem'), 404, 'not_found'],
    ['a file of the package', get('/package.json'), 404, 'not_found'],
    ['a file outside the page’s folder', get('/pages/assets/..%2f..%2f..%2fpackage.json'), 400, 'bad_request'],
    ['a hidden file', get('/.env'), 404, 'not_found'],
    ['the metrics', get('/metrics'), 404, 'not_found'],
    ['the largest stock id', get('/api/v1/stocks/9007199254740991'), 404, 'stock_not_found'],
    ['a stock id of 201 digits', get(`/api/v1/stocks/${'9'.repeat(201)}`), 400, 'bad_request'],
    ['a page of 2^53 stocks', get('/api/v1/stocks?limit=9007199254740992'), 400, 'invalid_request'],
    ['a page of -1 orders', get('/api/v1/orders?limit=-1', ann), 400, 'invalid_request'],
    ['a cursor of SQL', get(`/api/v1/orders?cursor='%20OR%201=1%20--`, ann), 400, 'invalid_request'],
    ['a duplicate query key', get('/api/v1/orders?limit=1&limit=2', ann), 400, 'invalid_request'],
    ['an unknown query key', get('/api/v1/orders?admin=true', ann), 400, 'invalid_request'],
    ['a query with __proto__', get('/api/v1/orders?__proto__=1', ann), 400, 'invalid_request'],
    ['a query of 10 KB', get(`/api/v1/orders?cursor=${'x'.repeat(10_000)}`, ann), 400, 'invalid_request'],
    [
      'an unsupported media type in Accept',
      get(`/api/v1/admin/stocks/${sid}/orders`, admin, ['Accept', 'image/png']),
      406,
    ],
  ];
}

/** Headers and callers. */
export function headerCases({ ann, bob, sid, closedSid, annsOrder }: HttpTargets): HttpCase[] {
  const order = (...headers: Header[]) =>
    httpBytes({ method: 'POST', path: `/api/v1/stocks/${sid}/orders`, headers, body: '' });
  const get = (path: string, ...headers: Header[]) => [httpBytes({ path, headers })];
  const flood = (count: number, length: number) =>
    Array.from({ length: count }, (_, index): Header => [`X-Flood-${index}`, 'y'.repeat(length)]);
  const annsPath = `/api/v1/orders/${annsOrder}`;
  const pay = { method: 'POST', path: `${annsPath}/payments`, headers: [bob], body: '' };
  const closed = { method: 'POST', path: `/api/v1/stocks/${closedSid}/orders`, headers: [ann], body: '' };
  const raw = (...lines: string[]) => [`${lines.join('\r\n')}\r\n\r\n`];
  return [
    ['one header of 20 KB', get('/api/v1/stocks', ['X-Flood', 'y'.repeat(20_000)]), 431, 'headers_too_large'],
    ['1,000 headers of 20 bytes', get('/api/v1/stocks', ...flood(1000, 20)), 431, 'headers_too_large'],
    ['100 KB of headers', get('/api/v1/stocks', ...flood(100, 1000)), 431, 'headers_too_large'],
    ['5,000 empty headers', get('/api/v1/stocks', ...flood(5000, 0)), 431, 'headers_too_large'],
    ['headers without an end', { parts: ['GET / HTTP/1.1\r\n', ...Array(9).fill('A: b\r\n')], pauseMs: 900 }, 0],
    ['no Host', raw('GET /api/v1/stocks HTTP/1.1'), 400, 'bad_request'],
    ['two Hosts', raw('GET /api/v1/stocks HTTP/1.1', 'Host: a', 'Host: b'), 400, 'bad_request'],
    ['an invalid Host', raw('GET /api/v1/stocks HTTP/1.1', 'Host: a/../b'), 400, 'bad_request'],
    ['an unknown HTTP version', raw('GET /api/v1/stocks HTTP/9.9', 'Host: a'), 505, 'bad_request'],
    ['TLS in place of HTTP', ['\x16\x03\x01\x02\x00\x01\x00'], 400, 'bad_request'],
    ['a header with NUL', get('/api/v1/stocks', ['X-A', 'a\0b']), 400, 'bad_request'],
    ['a header without a name', raw('GET / HTTP/1.1', 'Host: a', ': b'), 400, 'bad_request'],
    ['an unknown Expect', get('/api/v1/nope', ['Expect', 'a miracle']), 404],
    ['a forged X-Forwarded-For', get('/api/v1/nope', ['X-Forwarded-For', '127.0.0.1, ::1, x']), 404],
    ['a forged Forwarded', get('/api/v1/nope', ['Forwarded', 'for="[::1]";proto=https']), 404, 'not_found'],
    ['an order without a token', [order()], 401, 'unauthorized'],
    ['an order with two tokens', [order(ann, bob)], 400],
    ['a key of 201 characters', [order(ann, ['Idempotency-Key', 'k'.repeat(201)])], 400, 'invalid_idempotency_key'],
    ['a key outside ASCII', [order(ann, ['Idempotency-Key', '"\u00e4"'])], 400, 'invalid_idempotency_key'],
    ['an empty key', [order(ann, ['Idempotency-Key', '""'])], 400, 'invalid_idempotency_key'],
    ['two keys', [order(ann, ['Idempotency-Key', 'a b'], ['Idempotency-Key', '"b"'])], 400, 'invalid_idempotency_key'],
    ['an order of a closed stock', [httpBytes(closed)], 409, 'closed'],
    ['an administrator’s route called by a buyer', get(`/api/v1/admin/stocks/${sid}/audit`, ann), 403, 'forbidden'],
    ['another buyer’s order', get(annsPath, bob), 404, 'order_not_found'],
    [
      'cancelling another buyer’s order',
      [httpBytes({ method: 'POST', path: `${annsPath}/cancel`, headers: [bob] })],
      404,
    ],
    ['paying another buyer’s order', [httpBytes(pay)], 404, 'order_not_found'],
    ['payments of another buyer’s order', get(`${annsPath}/payments`, bob), 404, 'order_not_found'],
    ['payments of an order without a token', get(`${annsPath}/payments`), 401, 'unauthorized'],
    ['SQL as a payment id', get(`/api/v1/payments/1'%20OR%201=1`, ann), 404, 'payment_not_found'],
    ['an unknown payment', get('/api/v1/payments/pay_none', ann), 404, 'payment_not_found'],
    ['an unknown payment without a token', get('/api/v1/payments/pay_none'), 401, 'unauthorized'],
    ['an administrator’s payments called by a buyer', get(`/api/v1/admin/orders/${annsOrder}/payments`, ann), 403],
    ['an administrator’s refunds called by a buyer', get(`/api/v1/admin/orders/${annsOrder}/refunds`, ann), 403],
    ['an administrator’s payment called by a buyer', get('/api/v1/admin/payments/pay_none', ann), 403, 'forbidden'],
    ['events of another buyer’s order', get(`${annsPath}/events`, bob, ACCEPTS_EVENTS), 404, 'order_not_found'],
    ['an order number with a changed letter', get(annsPath.replace(/.$/, '~'), ann), 404, 'order_not_found'],
    ['an invalid order number', get('/api/v1/orders/nonsense', ann), 404, 'order_not_found'],
    ['SQL as an order number', get(`/api/v1/orders/1'%20OR%201=1`, ann), 404, 'order_not_found'],
    ['an order number of 300 characters', get(`/api/v1/orders/${'x'.repeat(300)}`, ann), 400],
  ];
}
