import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { waitUntil } from '../../ci/command/wait-until.ts';
import { callApi } from '../../ci/testing/clients/call-api.ts';
import { createToken } from '../../ci/testing/clients/create-token.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../../ci/testing/orders/wait-for-log.ts';
import { createTestServers } from '../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../../ci/testing/servers/start-test-system.ts';
import { realClock } from '../../proto/process/clock.ts';
import { createRiskCheck } from './risk-check.ts';

type Question = { buyer: string; sid: string; device?: string; action: string };

/** A risk service on a port of its own. `answer` may be replaced. */
async function startRiskService(t: Test) {
  const service = {
    url: '',
    questions: [] as Question[],
    answer: (_question: Question, response: ServerResponse): unknown => response.end('{"allow":true}'),
  };
  const server = createServer(async (request, response) => {
    const question = JSON.parse((await request.toArray()).join('')) as Question;
    service.questions.push(question);
    service.answer(question, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  service.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/score`;
  return service;
}

const ann = { buyer: 'ann', device: null };
const calm = { warn: () => undefined, debug: () => undefined };

t.test('an answer is kept for a minute, for each buyer, device, stock and action', async (t) => {
  const service = await startRiskService(t);
  let nowMs = 0;
  const clock = { ...realClock, nowMs: () => nowMs };
  const config = { RISK_URL: service.url, RISK_DEADLINE_MS: 30_000, RISK_FAILS: 'open' } as const;
  const check = createRiskCheck({ config, clock, logger: calm, onFailed: () => t.fail('an answer') });
  if (!check) throw new Error('off');
  service.answer = ({ buyer }, response) => response.end(JSON.stringify({ allow: buyer === 'ann', score: 3 }));
  t.same(await Promise.all([check(ann, 7, 'order'), check(ann, 7, 'order')]), [null, null]);
  t.same(service.questions, [{ buyer: 'ann', sid: '7', action: 'order' }], 'the two share a question');
  t.equal(check(ann, 7, 'order'), null, 'without a promise');
  t.match(await check({ buyer: 'bob', device: 'phone' }, 7, 'entry'), { code: 'risk_denied' });
  t.same(service.questions[1], { buyer: 'bob', sid: '7', device: 'phone', action: 'entry' });
  t.match(check({ buyer: 'bob', device: 'phone' }, 7, 'entry'), { code: 'risk_denied' });
  await check(ann, 7, 'entry');
  await check(ann, 8, 'order');
  await check({ buyer: 'ann', device: 'phone' }, 7, 'order');
  t.equal(service.questions.length, 5);
  nowMs += 60_001;
  service.answer = (_, response) => response.end('{"allow":false}');
  t.match(await check(ann, 7, 'order'), { code: 'risk_denied' });
  t.equal(createRiskCheck({ config: { ...config, RISK_URL: '' }, clock, logger: calm, onFailed: t.fail }), null);
});

t.test('without an answer in time RISK_FAILS decides, and the failure is not kept', async (t) => {
  const service = await startRiskService(t);
  let failures = 0;
  const open = (fails: 'open' | 'closed', deadlineMs = 30_000, url = service.url) => {
    const config = { RISK_URL: url, RISK_DEADLINE_MS: deadlineMs, RISK_FAILS: fails };
    const onFailed = () => {
      failures += 1;
    };
    return createRiskCheck({ config, clock: realClock, logger: calm, onFailed }) ?? t.fail('off');
  };
  type Check = Exclude<ReturnType<typeof createRiskCheck>, null>;
  const [allows, refuses] = [open('open') as Check, open('closed') as Check];
  const broken: ((response: ServerResponse) => unknown)[] = [
    (response) => response.end('{"allow":"true"}'),
    (response) => response.end('{}'),
    (response) => response.end('null'),
    (response) => response.end('<html>'),
    (response) => response.end(`{"allow":true,"why":"${'x'.repeat(5000)}"}`),
    (response) => response.writeHead(500).end('{"allow":true}'),
    (response) => response.writeHead(302, { location: service.url }).end(),
    (response) => response.destroy(),
  ];
  for (const answer of broken) {
    service.answer = (_, response) => answer(response);
    t.equal(await allows(ann, 7, 'order'), null, String(answer));
    t.match(await refuses(ann, 7, 'order'), { code: 'busy', headers: { 'retry-after': /^\d+$/ } }, String(answer));
  }
  t.equal(failures, 2 * broken.length);
  service.answer = (_, response) => response.end('{"allow":false}');
  t.match(await allows(ann, 7, 'order'), { code: 'risk_denied' }, 'it is asked again');

  service.answer = () => undefined;
  t.equal(await (open('open', 20) as Check)(ann, 7, 'order'), null, 'slow');
  t.match(await (open('closed', 20) as Check)(ann, 7, 'order'), { code: 'busy' }, 'slow');
  const many = open('closed') as Check;
  const held: ServerResponse[] = [];
  // The service may read a slow call only now.
  service.answer = ({ buyer }, response) => buyer !== ann.buyer && held.push(response);
  const all = Promise.all(Array.from({ length: 1500 }, (_, i) => many({ buyer: `b${i}`, device: null }, 7, 'order')));
  await waitUntil('calls', async () => assert.equal(held.length, 100), { limitMs: 30_000 });
  service.answer = (_, response) => response.end('{"allow":true}');
  for (const response of held) response.end('{"allow":true}');
  const refused = (await all).filter((answer) => answer?.code === 'busy');
  t.equal(refused.length, 400, '100 calls at once, and 1000 that wait');
});

t.test('an order and an entry that the risk service denies get 403, and what is known is answered', async (t) => {
  const service = await startRiskService(t);
  const servers = await createTestServers(t);
  const provider = await startTestProvider(t, servers);
  await startTestWorker(t, servers);
  const settings = { RISK_URL: service.url, RISK_DEADLINE_MS: '1000', RISK_FAILS: 'closed', DEVICE_CLAIM: 'device' };
  const [url, other] = [
    await startTestConsumer(t, servers, [provider], settings),
    await startTestConsumer(t, servers, [provider], settings),
  ];
  await waitForLog(t, servers, provider);
  const sid = await createTestStock(servers.mysql, { count: 2 });
  const draw = await createTestStock(servers.mysql, { count: 5, mode: 'draw' });
  const post = async (base: string, what: string, buyer: string, headers: Record<string, string> = {}) => {
    const authorization = `Bearer ${createToken(buyer, { claims: { device: 'phone' } })}`;
    const response = await fetch(`${base}/api/v1/stocks/${what}`, {
      method: 'POST',
      headers: { authorization, ...headers },
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown>, response };
  };
  const orders = `${sid}/orders`;
  const key = { 'idempotency-key': '"a"' };
  const denied = { status: 403, body: { code: 'risk_denied' } };

  const first = await post(url, orders, 'ann', key);
  t.equal(first.status, 201);
  t.match(service.questions, [{ buyer: 'ann', sid: String(sid), device: 'phone', action: 'order' }]);
  service.answer = (_, response) => response.end('{"allow":false}');
  // The answers of a process are its own: the other one asks.
  t.match(await post(other, orders, 'ann', key), { status: 201, body: { orderNo: first.body.orderNo } });
  t.match(await post(other, orders, 'ann'), { status: 200, body: { orderNo: first.body.orderNo } });
  t.match(await post(url, orders, 'bob'), denied, 'the direct path');
  t.match(await post(url, `${orders}?`, 'cem', key), denied, 'through Fastify');
  t.match(await post(url, `${draw}/entry`, 'bob'), denied);
  t.match(service.questions.at(-1), { buyer: 'bob', sid: String(draw), action: 'entry' });
  t.equal((await callApi(`${url}/api/v1`, `/stocks/${draw}/entry`, { as: 'bob' })).status, 404);

  service.answer = (_, response) => response.end('{');
  const failed = await post(url, orders, 'eve');
  t.match(failed, { status: 503, body: { code: 'busy' } });
  t.match(failed.response.headers.get('retry-after'), /^\d+$/);
  t.match(await post(url, `${draw}/entry`, 'eve'), { status: 503, body: { code: 'busy' } });

  service.answer = (_, response) => response.end('{"allow":true}');
  t.equal((await post(url, orders, 'eve')).status, 201);
  const readLeft = async () => (await callApi(`${url}/api/v1`, `/stocks/${sid}`)).body.left;
  await waitUntil('sold out', async () => assert.equal(await readLeft(), 0), { limitMs: 30_000 });
  const asked = service.questions.length;
  t.equal((await post(url, orders, 'dan', key)).status, 410);
  t.equal(service.questions.length, asked, 'not asked about an order that is refused anyway');
});
