import { once } from 'node:events';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { bearer } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../../ci/testing/orders/wait-for-log.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';

// A query makes an order unusual, and Fastify answers it: each answer must be the same both ways.

type Answer = { status: number | undefined; headers: IncomingHttpHeaders; body: string };

const servers = await createTestServers(t);
const provider = await startTestProvider(t, servers);
await startTestWorker(t, servers);
// No buyer but `greedy` reaches the limit of 2 orders at once.
const url = await startTestConsumer(t, servers, [provider], {
  BUYER_BURST: '2',
  BUYER_RATE: '1',
  ALLOWED_HOSTS: '127.0.0.1',
  CORS_ORIGINS: 'https://Shop.example:443,http://127.0.0.1:8080',
  PROCESS_NAME: 'consumer-x',
});
await waitForLog(t, servers, provider);
const agent = new Agent({ keepAlive: true });
t.teardown(() => agent.destroy());

async function send(path: string, headers: Record<string, string>, body: string[] = []): Promise<Answer> {
  const length = { 'content-length': String(Buffer.byteLength(body.join(''))) };
  const call = request(`${url}/api/v1/stocks/${path}`, { method: 'POST', agent, headers: { ...length, ...headers } });
  call.flushHeaders();
  for (const part of body) {
    call.write(part);
    // Each part is a packet of its own.
    await setImmediate();
  }
  call.end();
  const [response] = await once(call, 'response');
  let text = '';
  for await (const part of response) text += part;
  return { status: response.statusCode, headers: response.headers, body: text };
}

/** Without what differs between two orders. */
function comparable({ status, headers, body }: Answer, buyer: string) {
  const mask = (text: string) =>
    text
      .replace(/[1-9]\d*-[0-9A-Z]{26}-[0-9A-Z]{10}/g, 'NUMBER')
      .replace(/00-[0-9a-f]{32}-[0-9a-f]{16}/, 'TRACE')
      .replaceAll(buyer, 'BUYER')
      .replace(/("createdAt":|"payBy":|"opensAt":|retry-after:|ratelimit:)[^,}]*/g, '$1')
      .replace(/"secondsLeftToPay":\d+/, '');
  const others = Object.entries(headers).filter(([name]) => name !== 'content-length' && name !== 'date');
  const list = others.map(([name, value]) => mask(`${name}:${value}`));
  return { status, headers: list.sort(), body: mask(body) };
}

const open = await createTestStock(servers.mysql, { count: 100 });
const none = await createTestStock(servers.mysql, { count: 0 });
const later = await createTestStock(servers.mysql, { count: 1, opensAtMs: Date.now() + 3_600_000 });
const over = await createTestStock(servers.mysql, { count: 1, closesAtMs: Date.now() - 1000 });
const first = { 'idempotency-key': '"a"', 'idempotency-attempt': '1' };
const second = { 'idempotency-key': '"b"', 'idempotency-attempt': '1' };

type Case = { sid: number | string; body?: string[]; times?: number; headers?: Record<string, string>; status: number };
const cases: Record<string, Case> = {
  confirmed: { sid: open, headers: first, status: 201 },
  'confirmed without a key': { sid: open, status: 201 },
  'a repeat': { sid: open, headers: { 'idempotency-key': 'a' }, times: 2, status: 201 },
  pending: { sid: open, headers: { prefer: 'respond-async' }, status: 202 },
  'an order that the buyer has': { sid: open, times: 2, status: 200 },
  'sold out': { sid: none, headers: first, status: 410 },
  'sold out, claimed to be known': { sid: none, headers: { 'idempotency-key': '"a"' }, status: 410 },
  'not open': { sid: later, headers: first, status: 409 },
  closed: { sid: over, headers: first, status: 409 },
  'no such stock': { sid: 999_999_999, headers: first, status: 404 },
  'a stock id above all': { sid: '9999999999999999', headers: first, status: 400 },
  'a stock id with a zero': { sid: '01', headers: first, status: 400 },
  'a buyer above the limit': { sid: open, times: 3, headers: second, status: 429 },
  'a page of an allowed origin': { sid: open, headers: { origin: 'https://shop.example' }, status: 201 },
  'a page of another origin': { sid: open, headers: { origin: 'https://other.example' }, status: 201 },
  'sold out for a page': { sid: none, headers: { ...first, origin: 'http://127.0.0.1:8080' }, status: 410 },
  'no token': { sid: open, headers: { authorization: '' }, status: 401 },
  'a bad token': { sid: open, headers: { authorization: 'Bearer x.y.z' }, status: 401 },
  'a bad key': { sid: open, headers: { 'idempotency-key': '""' }, status: 400 },
  'another host': { sid: open, headers: { host: 'other.example' }, status: 400 },
  'a price limit': { sid: open, body: ['{"maxPrice":{"amount":1999,"currency":"CNY"}}'], status: 201 },
  'a price limit, written otherwise': {
    sid: open,
    body: ['{ "maxPrice": { "amount": 1999, "currency": "CNY" } }'],
    status: 201,
  },
  'a price limit in two parts': { sid: open, body: ['{"maxPrice":{"am', 'ount":1999,"currency":"CNY"}}'], status: 201 },
  'a price above the limit': {
    sid: open,
    headers: first,
    body: ['{"maxPrice":{"amount":1998,"currency":"CNY"}}'],
    status: 409,
  },
  'a price limit below 0': { sid: open, body: ['{"maxPrice":{"amount":-1,"currency":"CNY"}}'], status: 400 },
  'a price limit that is too high': {
    sid: open,
    body: ['{"maxPrice":{"amount":9007199254740992,"currency":"CNY"}}'],
    status: 400,
  },
  'a price limit in another currency': {
    sid: open,
    body: ['{"maxPrice":{"amount":1999,"currency":"EUR"}}'],
    status: 400,
  },
  'a price limit in no currency': { sid: open, body: ['{"maxPrice":{"amount":1999,"currency":"ZZZ"}}'], status: 400 },
  'an unknown field': { sid: open, body: ['{"maxPrice":{"amount":1999,"currency":"CNY"},"x":1}'], status: 400 },
  'an empty object': { sid: open, body: ['{}'], status: 201 },
  'a body that is not JSON': { sid: open, body: ['{"maxPrice":{"amount":1999,"currency":"CNY"}'], status: 400 },
  'a body of another type': { sid: open, body: ['{}'], headers: { 'content-type': 'text/plain' }, status: 415 },
  'an empty body with a type': { sid: open, headers: { 'content-type': 'application/json' }, status: 201 },
  'a compressed body': { sid: open, headers: { 'content-encoding': 'gzip' }, status: 415 },
};

let buyers = 0;
for (const [name, { sid, body, times = 1, headers = {}, status }] of Object.entries(cases)) {
  t.test(`${name}: the direct answer is that of the route`, async (t) => {
    const ask = async (query: string) => {
      buyers += 1;
      const buyer = `buyer-${buyers}`;
      let answer: Answer | undefined;
      for (let i = 0; i < times; i += 1) {
        const type = body && { 'content-type': 'application/json' };
        const own = { ...bearer(buyer), 'x-request-id': 'same', ...type, ...headers };
        answer = await send(`${sid}/orders${query}`, own, body);
      }
      return comparable(answer as Answer, buyer);
    };
    const [direct, routed] = [await ask(''), await ask('?')];
    t.equal(routed.status, status, routed.body);
    t.same(direct, routed);
  });
}
