import t from 'tap';
import { type ApiAnswer, callApi } from '../../ci/testing/clients/call-api.ts';
import { createTestStock } from '../../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../../ci/testing/orders/wait-for-log.ts';
import { createTestServers, type TestServers } from '../../ci/testing/servers/create-test-servers.ts';
import {
  randomName,
  startTestConsumer,
  startTestProvider,
  startTestWorker,
} from '../../ci/testing/servers/start-test-system.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { traceIdOf } from '../../proto/traces/trace-id-of.ts';

/** Where no consumer answers. */
const NO_REDIS = 'redis://127.0.0.1:9';
const names = [randomName('consumer'), randomName('consumer')] as const;

let servers: TestServers;
let provider: number;
let url: string;
let other: string;

t.before(async () => {
  servers = await createTestServers(t);
  provider = await startTestProvider(t, servers);
  await startTestWorker(t, servers);
  url = await startTestConsumer(t, servers, [provider], {
    PROCESS_NAME: names[0],
    TRACE_URL: 'https://traces.example/trace/{traceId}?a=1',
  });
  other = await startTestConsumer(t, servers, [provider], {
    PROCESS_NAME: names[1],
    TRACE_URL: 'https://traces.example/trace/{traceId}?a=1',
  });
  await waitForLog(t, servers, provider);
});

const buy = async (base: string, sid: number, buyer: string) =>
  String((await callApi(base, `/api/v1/stocks/${sid}/orders`, { method: 'POST', as: buyer })).body.orderNo);
const trace = (base: string, orderNo: string) =>
  callApi(base, `/api/v1/admin/orders/${orderNo}/trace`, { as: 'admin' });
const stepsOf = ({ body }: ApiAnswer) => body.steps as { step: string; at: string | null; by: string | null }[];

t.test('the trace of an order has all steps up to the delivery', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 5 });
  const orderNo = await buy(url, sid, 'ann');
  const answer = await trace(url, orderNo);
  t.equal(answer.status, 200);
  t.equal(answer.headers.get('cache-control'), 'no-store');
  const traceId = traceIdOf(orderNo);
  t.match(answer.body, { traceId, traceUrl: `https://traces.example/trace/${traceId}?a=1` });
  const decided = { state: 'awaiting_payment', decision: 'confirmed', decidedBy: 'log' };
  t.match(answer.body, {
    orderNo,
    sid,
    buyer: 'ann',
    ...decided,
    partition: partitionOf(sid),
    offset: /^\d+$/,
    index: 0,
  });
  t.match(stepsOf(answer), [
    { step: 'minted', at: String, by: null },
    { step: 'appended', at: String },
    { step: 'decided', at: String, by: /^order-worker-/ },
    { step: 'told', at: String, by: names[0] },
    { step: 'paid', at: null, by: null },
    { step: 'ended', at: null, by: null },
  ]);
  // One machine, one clock.
  const times = stepsOf(answer).flatMap(({ at }) => (at === null ? [] : [Date.parse(at)]));
  t.same(
    times,
    times.toSorted((a, b) => a - b),
  );
  t.ok(Math.abs((times[0] ?? 0) - Date.now()) < 60_000);
});

t.test('every consumer finds the one that received the decision', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 5 });
  const orderNo = await buy(other, sid, 'bob');
  const [here, there] = [await trace(url, orderNo), await trace(other, orderNo)];
  t.match(stepsOf(here)[3], { step: 'told', at: String, by: names[1] });
  t.same(here.body, there.body);
  const together = await Promise.all(Array.from({ length: 5 }, () => trace(url, orderNo)));
  for (const answer of together) t.same(answer.body, here.body);
});

t.test('a forgotten delivery is null, after a short wait', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 5 });
  const orderNo = await buy(url, sid, 'kim');
  const late = await startTestConsumer(t, { redisUrl: NO_REDIS }, [provider]);
  const startedMs = performance.now();
  const answer = await trace(late, orderNo);
  t.match(answer.body, { traceId: traceIdOf(orderNo), traceUrl: null });
  t.match(stepsOf(answer)[3], { step: 'told', at: null, by: null });
  t.match(stepsOf(answer)[2], { step: 'decided', at: String, by: null });
  t.ok(performance.now() - startedMs < 3000);
});

t.test('an order that was decided without the log has no offset', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 5 });
  const noLog = { ...servers, topics: { ...servers.topics, brokers: '127.0.0.1:9' } };
  const direct = await startTestConsumer(t, servers, [await startTestProvider(t, noLog)]);
  const orderNo = await buy(direct, sid, 'lea');
  const answer = await trace(url, orderNo);
  t.match(answer.body, { decidedBy: 'direct', partition: null, offset: null, index: null });
  t.match(stepsOf(answer), [
    { at: String },
    { step: 'appended', at: null },
    { step: 'decided', at: String, by: null },
    { step: 'told', at: String, by: /^consumer-/ },
  ]);
});

t.test('the trace has the end of an order; without a stored log time, `appended` is null', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 5 });
  const orderNo = await buy(url, sid, 'max');
  t.equal((await callApi(url, `/api/v1/orders/${orderNo}/cancel`, { method: 'POST', as: 'max' })).status, 200);
  await servers.database.session((session) =>
    session.change('UPDATE stock_order SET appended_at = NULL WHERE order_no = ?', [orderNo]),
  );
  const answer = await trace(url, orderNo);
  t.match(answer.body, { state: 'cancelled', decision: 'confirmed', offset: /^\d+$/ });
  t.match(stepsOf(answer)[1], { step: 'appended', at: null });
  t.match(stepsOf(answer)[5], { step: 'ended', at: String });
});

t.test('other roles and invalid numbers are refused', async (t) => {
  const sid = await createTestStock(servers.mysql, { count: 5 });
  const orderNo = await buy(url, sid, 'ann');
  const path = `/api/v1/admin/orders/${orderNo}/trace`;
  t.match(await callApi(url, path), { status: 401 });
  t.match(await callApi(url, path, { as: 'ann' }), { status: 403, body: { code: 'forbidden' } });
  for (const wrong of ['1-nothing', '%20', 'x'.repeat(80), '..%2F']) {
    t.match(await trace(url, wrong), { status: 404, body: { code: 'order_not_found' } }, wrong);
  }
});
