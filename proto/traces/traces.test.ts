import t from 'tap';
import type { EndedSpan } from './span-sender.ts';
import { traceIdOf, traceOf } from './trace-id-of.ts';
import { createTraces, inStep } from './traces.ts';

function startTraced(ratio: number) {
  const spans: EndedSpan[] = [];
  return { spans, traces: createTraces({ send: (span) => spans.push(span), close: async () => {} }, ratio) };
}

const orders = Array.from({ length: 2000 }, (_, i) => ({ orderNo: `7-${i}` }));

t.test('the share of sampled orders is the ratio, and a smaller ratio samples some of the same orders', async (t) => {
  const [all, tenth, hundredth, none] = [1, 0.1, 0.01, 0].map((ratio) => startTraced(ratio).traces.sample(orders));
  t.equal(all?.length, orders.length);
  t.ok(Math.abs((tenth?.length ?? 0) - 200) < 60, `${tenth?.length}`);
  t.ok(Math.abs((hundredth?.length ?? 0) - 20) < 20, `${hundredth?.length}`);
  t.equal(none?.length, 0);
  for (const { order } of hundredth ?? []) t.ok(tenth?.some((other) => other.order === order));
});

t.test('a step is one span for the batch and one for each sampled order, with links to each other', async (t) => {
  const { spans, traces } = startTraced(1);
  const two = orders.slice(0, 2);
  const outer = traces.startStep('place', traces.sample(two));
  await inStep(outer, { orders: 9 }, () => inStep(outer?.startStep('append'), {}, async () => 'done'));
  t.same(
    spans.map(({ name }) => name),
    ['append', 'append', 'append', 'place', 'place', 'place'],
  );
  const [append, firstAppend, , place, firstPlace, secondPlace] = spans as [
    EndedSpan,
    EndedSpan,
    EndedSpan,
    EndedSpan,
    EndedSpan,
    EndedSpan,
  ];
  const first = traceOf('7-0');
  t.match(place, { parentSpanId: null, attributes: { orders: 9 } });
  t.match(append, { parentSpanId: place.spanId, traceId: place.traceId });
  t.match(firstPlace, { traceId: first.traceId, parentSpanId: first.spanId, links: [{ spanId: place.spanId }] });
  t.match(firstAppend, { traceId: first.traceId, parentSpanId: firstPlace.spanId, links: [{ spanId: append.spanId }] });
  t.equal(secondPlace.traceId, traceIdOf('7-1'));
  t.same(
    place.links,
    [firstPlace, secondPlace].map(({ traceId, spanId }) => ({ traceId, spanId })),
  );
});

t.test('a step for one order alone is a span in the trace of the order, and has no other', async (t) => {
  const { spans, traces } = startTraced(1);
  const outer = traces.startOrderStep('refund', '7-0');
  const call = () => inStep(outer?.startStep('call gateway'), {}, async () => 'refunded');
  await inStep(outer, { try: 1 }, call, (outcome) => ({ outcome }));
  const [inner, refund] = spans;
  t.match(refund, { traceId: traceIdOf('7-0'), parentSpanId: traceOf('7-0').spanId, links: [] });
  t.match(refund, { attributes: { try: 1, outcome: 'refunded' } });
  t.match(inner, { traceId: refund?.traceId, parentSpanId: refund?.spanId, links: [] });
  t.equal(spans.length, 2);
  t.equal(traces.startOrderStep('settle', ''), null, 'the order is not known');
});

t.test('a step that fails says why, and its caller gets the error', async (t) => {
  const { spans, traces } = startTraced(1);
  const failing = inStep(traces.startStep('append', traces.sample(orders.slice(0, 1))), {}, () =>
    Promise.reject(new Error('log away')),
  );
  await t.rejects(failing, { message: 'log away' });
  t.same(
    spans.map(({ error }) => error),
    ['log away', 'log away'],
  );
});

t.test('nothing is recorded for orders that are not sampled', async (t) => {
  const { spans, traces } = startTraced(0);
  t.equal(traces.startStep('place', traces.sample(orders)), null);
  t.equal(traces.startOrderStep('pay', '7-1'), null);
  t.equal(await inStep(null, {}, async () => 1), 1);
  t.same(spans, []);
});

t.test('times are those of the host', async (t) => {
  const { traces } = startTraced(1);
  t.ok(Math.abs(traces.nowMs() - Date.now()) < 50);
});
