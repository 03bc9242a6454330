import t from 'tap';
import { callApi } from '../../../ci/testing/clients/call-api.ts';
import { bearer } from '../../../ci/testing/clients/create-token.ts';
import { listenToEvents } from '../../../ci/testing/clients/listen-to-events.ts';
import { createTestStock } from '../../../ci/testing/orders/create-test-stock.ts';
import { waitForLog } from '../../../ci/testing/orders/wait-for-log.ts';
import { createTestServers, type TestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import {
  randomName,
  startTestConsumer,
  startTestProvider,
  startTestWorker,
} from '../../../ci/testing/servers/start-test-system.ts';
import { ORDER_PARTITIONS } from '../../../proto/kafka/partition-of.ts';
import type { LiveView } from './describe-live.ts';

// The processes' own seconds pass here.
t.setTimeout(60_000);

const limits = { EVENT_LISTENERS_PER_BUYER: '2' };
const names = [randomName('consumer'), randomName('consumer')] as const;

let servers: TestServers;
let url: string;
let other: string;

t.before(async () => {
  servers = await createTestServers(t);
  const provider = await startTestProvider(t, servers);
  await startTestWorker(t, servers);
  url = await startTestConsumer(t, servers, [provider], { ...limits, PROCESS_NAME: names[0] });
  other = await startTestConsumer(t, servers, [provider], { ...limits, PROCESS_NAME: names[1] });
  await waitForLog(t, servers, provider);
});

const boss = () => bearer('boss', { roles: ['admin'] });
const watch = (headers: Record<string, string> = boss()) => listenToEvents(t, `${url}/api/v1/admin/live`, headers);
const viewOf = ({ data }: { data: unknown }) => data as LiveView;

t.test('the stream needs the role admin', async (t) => {
  t.match(await callApi(url, '/api/v1/admin/live'), { status: 401, body: { code: 'unauthorized' } });
  t.match(await callApi(url, '/api/v1/admin/live', { as: 'ann' }), { status: 403, body: { code: 'forbidden' } });
});

t.test('the first event arrives at once, and then one per second', async (t) => {
  const startedMs = performance.now();
  const listener = await watch();
  t.match(listener.headers, { 'content-type': /^text\/event-stream/, 'cache-control': 'no-store' });
  const first = await listener.find('the first event', () => true);
  t.ok(first.atMs - startedMs < 1500, `${first.atMs - startedMs} ms`);
  t.match(first, { event: 'live', data: { waiting: 0, undecided: 0, perSecond: { requests: 0 } } });
  await listener.find('three events', () => listener.events.length >= 3);
  const tookMs = (listener.events[2]?.atMs ?? 0) - first.atMs;
  t.ok(tookMs > 1500 && tookMs < 4000, `${tookMs} ms`);
  listener.leave();
});

t.test('all processes are listed, also those that this consumer does not call', async (t) => {
  const listener = await watch();
  const found = await listener.find('all four', (event) => viewOf(event).processes.length === 4);
  const { processes, lag } = viewOf(found);
  t.same(
    processes.map(({ kind }) => kind),
    ['consumer', 'consumer', 'provider', 'order-worker'],
  );
  t.same(
    processes
      .slice(0, 2)
      .map(({ name }) => name)
      .sort(),
    [...names].sort(),
  );
  for (const { memoryMb, eventLoopMs, ageMs } of processes) t.ok(memoryMb > 1 && eventLoopMs !== null && ageMs < 3000);
  t.equal(processes[3]?.partitions?.length, ORDER_PARTITIONS);
  t.equal(Object.keys(lag.byPartition).length, ORDER_PARTITIONS);
  listener.leave();
});

t.test('orders of all consumers count by their answer', async (t) => {
  const listener = await watch();
  await listener.find('reports of all processes', (event) => viewOf(event).processes.length === 4);
  const sid = await createTestStock(servers.mysql, { count: 3 });
  const buy = (base: string, buyer: string) =>
    callApi(base, `/api/v1/stocks/${sid}/orders`, { method: 'POST', as: buyer });
  const answers = await Promise.all([
    buy(url, 'ann'),
    buy(other, 'bob'),
    buy(other, 'kim'),
    buy(url, 'lea'),
    buy(url, 'max'),
  ]);
  const counts = Object.groupBy(answers, ({ status }) => String(status));
  t.equal(counts['201']?.length, 3);
  t.equal(counts['410']?.length, 2);
  await listener.find('confirmed', (event) => viewOf(event).perSecond.confirmed > 0);
  const decided = await listener.find('decisions', (event) => (viewOf(event).decisionMs?.count ?? 0) >= 3);
  const { p50 = 0, p90 = 0, p99 = 0 } = viewOf(decided).decisionMs ?? {};
  t.ok(p50 > 0 && p50 <= p90 && p90 <= p99, `${p50} ${p90} ${p99}`);
  await listener.find('the commit', () => listener.events.some((event) => viewOf(event).committedPerSecond > 0));
  // Those that the log decided, and those that were refused before it, are as many as were answered.
  const refused = () => listener.events.map((event) => viewOf(event).perSecond.refused);
  await listener.find('refused', () => refused().some((rate) => rate > 0));
  await listener.find('quiet', (event) => event.atMs > decided.atMs && viewOf(event).perSecond.requests === 0);
  // Each period starts where the previous one ended.
  const total = (name: keyof LiveView['perSecond']) =>
    listener.events.slice(1).reduce((sum, event, i) => {
      const lengthMs = Date.parse(viewOf(event).at) - Date.parse(viewOf(listener.events[i] as typeof event).at);
      return sum + (viewOf(event).perSecond[name] * lengthMs) / 1000;
    }, 0);
  t.same([total('requests'), total('confirmed'), total('created'), total('refused')].map(Math.round), [5, 3, 3, 2]);
  listener.leave();
});

t.test('the number of streams per administrator is limited', async (t) => {
  const listeners = [await watch(), await watch()];
  t.equal((await watch()).status, 429);
  t.equal((await watch(bearer('other', { roles: ['admin'] }))).status, 200);
  for (const listener of listeners) listener.leave();
});
