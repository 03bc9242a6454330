import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import { createBatcher, QueueFullError } from './batcher.ts';
import { type Clock, realClock } from './clock.ts';

/** A call that is in flight until the test ends it. */
type Call = { items: number[]; answer(): void; fail(error: Error): void };

/** Runs all due work: a call that ends starts the next one a turn later. */
async function settle(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await turn();
}

type Limits = {
  maxBatch?: number;
  maxInFlight?: number;
  maxWaiting?: number;
  lingerMs?: number;
  gapMs?: () => number;
  clock?: Clock;
};

function setUp(limits: Limits = {}) {
  const calls: Call[] = [];
  const gather = createBatcher<number, string>({
    clock: realClock,
    send: (items) =>
      new Promise((resolve, reject) => {
        calls.push({ items, answer: () => resolve(items.map((item) => `answer ${item}`)), fail: reject });
      }),
    maxBatch: 100,
    maxInFlight: 1,
    maxWaiting: 1000,
    ...limits,
  });
  const sent = () => calls.map(({ items }) => items);
  return { gather, calls, sent };
}

t.test('items of one turn are one call, and each item gets its own answer', async (t) => {
  const { gather, calls, sent } = setUp();
  const answers = Promise.all([gather(1), gather(2), gather(3)]);
  await settle();
  t.same(sent(), [[1, 2, 3]]);
  calls[0]?.answer();
  t.same(await answers, ['answer 1', 'answer 2', 'answer 3']);
});

t.test('items that arrive during a call wait for the next call', async (t) => {
  const { gather, calls, sent } = setUp();
  const first = gather(1);
  await settle();
  const others = [gather(2)];
  await settle();
  others.push(gather(3));
  await settle();
  t.same(sent(), [[1]]);
  calls[0]?.answer();
  await first;
  await settle();
  t.same(sent(), [[1], [2, 3]]);
  calls[1]?.answer();
  await Promise.all(others);
});

t.test('a second call starts after the linger time, not before', async (t) => {
  let wake: (() => void) | undefined;
  const clock = {
    ...realClock,
    setTimer(delayMs: number, then: () => void) {
      t.equal(delayMs, 20);
      wake = then;
      return () => {
        wake = undefined;
      };
    },
  };
  const { gather, calls, sent } = setUp({ maxInFlight: 2, lingerMs: 20, clock });
  const all = [gather(1)];
  await settle();
  all.push(gather(2), gather(3));
  await settle();
  t.same(sent(), [[1]]);
  wake?.();
  t.same(sent(), [[1], [2, 3]]);
  all.push(gather(4));
  await settle();
  t.equal(wake, undefined, 'no more than maxInFlight');
  calls[0]?.answer();
  await settle();
  t.same(sent().length, 2, 'the other call is in flight');
  calls[1]?.answer();
  await settle();
  t.same(sent(), [[1], [2, 3], [4]]);
  t.equal(wake, undefined, 'no item waits');
  calls[2]?.answer();
  await Promise.all(all);
});

t.test('a call has at most maxBatch items, and at most maxInFlight calls are in flight', async (t) => {
  const { gather, calls, sent } = setUp({ maxBatch: 2, maxInFlight: 2 });
  const all = Promise.all([1, 2, 3, 4, 5, 6, 7].map(gather));
  await settle();
  t.same(sent(), [
    [1, 2],
    [3, 4],
  ]);
  calls[1]?.answer();
  await settle();
  t.same(sent().slice(2), [[5, 6]], 'a place that is free is taken, whichever call it was');
  for (const call of calls) call.answer();
  await settle();
  t.same(sent().slice(3), [[7]]);
  for (const call of calls) call.answer();
  t.equal((await all).length, 7);
});

t.test('a failed call rejects its own items, and the next call starts', async (t) => {
  const { gather, calls, sent } = setUp();
  const failing = Promise.allSettled([gather(1), gather(2)]);
  await settle();
  const next = gather(3);
  calls[0]?.fail(new Error('broken'));
  t.match(await failing, [
    { status: 'rejected', reason: { message: 'broken' } },
    { status: 'rejected', reason: { message: 'broken' } },
  ]);
  await settle();
  t.same(sent(), [[1, 2], [3]]);
  calls[1]?.answer();
  t.equal(await next, 'answer 3');
});

t.test('an item beyond maxWaiting is rejected at once, and accepted after a call', async (t) => {
  const { gather, calls } = setUp({ maxBatch: 1, maxWaiting: 2 });
  const first = gather(1);
  await settle();
  const waiting = [gather(2), gather(3)];
  await t.rejects(gather(4), QueueFullError);
  calls[0]?.answer();
  await first;
  await settle();
  waiting.push(gather(5));
  for (let i = 1; i < 4; i += 1) {
    calls[i]?.answer();
    await settle();
  }
  t.same(await Promise.all(waiting), ['answer 2', 'answer 3', 'answer 5']);
});

t.test('after the start of a call, items gather for the gap, and one that comes later does not wait', async (t) => {
  const clock = fakeClock();
  const { gather, calls, sent } = setUp({ clock, gapMs: () => 10 });
  const all = [gather(1)];
  await clock.advance(0);
  t.same(sent(), [[1]], 'the first one does not wait');
  calls[0]?.answer();
  await clock.advance(4);
  all.push(gather(2));
  await clock.advance(5);
  all.push(gather(3));
  t.same(sent(), [[1]], 'after 9 ms');
  await clock.advance(1);
  t.same(sent(), [[1], [2, 3]]);
  calls[1]?.answer();
  await clock.advance(25);
  all.push(gather(4));
  await clock.advance(0);
  t.same(sent(), [[1], [2, 3], [4]], 'after an idle time');
  calls[2]?.answer();
  await Promise.all(all);
});

t.test('a call that ends after the gap starts the next one, however long the linger time is', async (t) => {
  const clock = fakeClock();
  const { gather, calls, sent } = setUp({ clock, maxInFlight: 2, lingerMs: 30, gapMs: () => 10 });
  const all = [gather(1)];
  await clock.advance(2);
  all.push(gather(2));
  await clock.advance(3);
  calls[0]?.answer();
  await clock.advance(4);
  t.same(sent(), [[1]], 'the gap is not over');
  await clock.advance(1);
  t.same(sent(), [[1], [2]]);
  await clock.advance(12);
  all.push(gather(3));
  await clock.advance(5);
  calls[1]?.answer();
  await clock.advance(0);
  t.same(sent(), [[1], [2], [3]]);
  calls[2]?.answer();
  await Promise.all(all);
});

t.test('a full call waits for no gap, and a longer gap makes larger calls', async (t) => {
  const clock = fakeClock();
  let gapMs = 10;
  const { gather, calls, sent } = setUp({ clock, maxBatch: 3, gapMs: () => gapMs });
  const all = [gather(1)];
  gapMs = 50;
  await clock.advance(0);
  calls[0]?.answer();
  await clock.advance(0);
  all.push(gather(2), gather(3));
  await clock.advance(49);
  t.same(sent(), [[1]]);
  all.push(gather(4));
  await clock.advance(0);
  t.same(sent(), [[1], [2, 3, 4]]);
  calls[1]?.answer();
  await Promise.all(all);
});
