import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import t from 'tap';
import { traceIdOf, traceOf } from '../../../proto/traces/trace-id-of.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { root as repository } from '../../local/set-up/set-up.mjs';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { buy, endpointOf, startTracedSystem } from '../../testing/traces/start-traced-system.ts';
import { DECIDED_TREE } from './decided-tree.ts';
import { drawTrace } from './draw-trace.ts';
import { type ReceivedSpan, startTraceReceiver } from './start-trace-receiver.ts';
import { treeOf } from './tree-of.ts';

const reports = path.join(repository, '.local', 'reports', 'traces');

t.test('a sampled order is one trace from the click to the answer, in all processes', async (t) => {
  const servers = await createTestServers(t);
  const receiver = await startTraceReceiver();
  t.teardown(receiver.close);
  const url = await startTracedSystem(t, servers, endpointOf(receiver.port));
  const sid = await createTestStock(servers.mysql, { count: 5 });
  const client = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  const traceparent = `00-${client.traceId}-${client.spanId}-01`;
  const answer = await buy(url, sid, 'ann', { traceparent, 'x-request-id': 'click-1' });
  t.equal(answer.status, 201, answer.text);
  const { traceId, spanId } = traceOf(String(answer.body.orderNo));
  t.equal(answer.headers.get('traceresponse'), `00-${traceId}-${spanId}-01`);

  const ofOrder = () => receiver.spans.filter((span) => span.traceId === traceId);
  await waitUntil(
    'all spans of the order',
    async () => {
      if (ofOrder().length < 6) throw new Error(`${ofOrder().length} spans`);
    },
    { limitMs: 30_000 },
  );
  const spans = ofOrder();
  const root = spans.find((span) => span.parentSpanId === '') as ReceivedSpan;
  t.same(treeOf(spans, root), DECIDED_TREE);
  t.equal(root.spanId, spanId);
  const picture = drawTrace(spans, `Trace ${traceId} of order ${answer.body.orderNo}`);
  for (const { name } of spans) t.match(picture, `</tspan> ${name}</text>`);
  mkdirSync(reports, { recursive: true });
  writeFileSync(path.join(reports, 'order-trace.svg'), picture);
  t.match(root, {
    instance: 'consumer-t',
    links: [client],
    attributes: {
      'http.response.status_code': 201,
      'flashsale.order_no': answer.body.orderNo,
      'flashsale.request_id': 'click-1',
    },
  });
  // One machine, one clock; the time of Kafka has milliseconds.
  for (const { name, startMs, endMs } of spans) t.ok(root.startMs <= startMs + 1 && startMs <= endMs + 1, name);

  await waitUntil(
    'the spans of batches and of the client',
    async () => {
      if (!receiver.spans.some((span) => span.traceId === client.traceId)) throw new Error('none');
    },
    { limitMs: 30_000 },
  );
  t.match(
    receiver.spans.find((span) => span.traceId === client.traceId),
    { parentSpanId: client.spanId, links: [{ traceId, spanId }] },
  );
  for (const span of spans.filter(({ name }) => !['order', 'wait in log'].includes(name))) {
    const [link] = span.links;
    const batch = receiver.spans.find((other) => other.traceId === link?.traceId && other.spanId === link.spanId);
    t.match(batch, {
      name: span.name,
      startMs: span.startMs,
      endMs: span.endMs,
      attributes: { 'flashsale.orders': 1 },
    });
    t.same(batch?.links, [{ traceId, spanId: span.spanId }], `${span.name}: the batch has a link to the order`);
    t.not(batch?.traceId, traceId);
  }
});

t.test('an order that is not sampled has no span, and its answer says so', async (t) => {
  const servers = await createTestServers(t);
  const receiver = await startTraceReceiver();
  t.teardown(receiver.close);
  const url = await startTracedSystem(t, servers, {
    ...endpointOf(receiver.port),
    OTEL_TRACES_SAMPLER: 'traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.3',
  });
  const sid = await createTestStock(servers.mysql, { count: 40 });
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => buy(url, sid, `buyer-${i}`)));
  const isSaid = ({ headers }: (typeof answers)[number]) => headers.get('traceresponse')?.endsWith('-01') === true;
  const idsOf = (list: typeof answers) => list.map(({ body }) => traceIdOf(String(body.orderNo))).sort();
  const sampled = idsOf(answers.filter(isSaid));
  const rootsAt = () =>
    receiver.spans
      .filter(({ name }) => name === 'order')
      .map(({ traceId }) => traceId)
      .sort();
  await waitUntil(
    'all roots',
    async () => {
      if (rootsAt().length < sampled.length) throw new Error(`${rootsAt().length} of ${sampled.length}`);
    },
    { limitMs: 30_000 },
  );
  t.same(rootsAt(), sampled);
  const all = new Set(idsOf(answers.filter((answer) => !isSaid(answer))));
  t.notOk(
    receiver.spans.some(({ traceId }) => all.has(traceId)),
    'no span in the trace of another order',
  );
});

t.test('a collector that is away, or never answers, changes no answer', async (t) => {
  const servers = await createTestServers(t);
  const silent = createServer(() => undefined).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  t.teardown(() => silent.close());
  const { port } = silent.address() as { port: number };
  const sid = await createTestStock(servers.mysql, { count: 100 });
  for (const endpoint of [1, port]) {
    const url = await startTracedSystem(t, servers, endpointOf(endpoint));
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => buy(url, sid, `buyer-${endpoint}-${i}`)));
    t.same(new Set(answers.map(({ status }) => status)), new Set([201]));
  }
});
