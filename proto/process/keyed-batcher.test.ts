import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { QueueFullError } from './batcher.ts';
import { realClock } from './clock.ts';
import { createKeyedBatcher } from './keyed-batcher.ts';

/** A call that is in flight until the test ends it. */
type Call = { key: string; items: number[]; answer(): void; fail(error: Error): void };

/** Runs all due work: a call that ends starts the next one a turn later. */
async function settle(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await turn();
}

function setUp(limits: { maxBatch?: number; maxInFlight?: number; maxWaiting?: number } = {}) {
  const calls: Call[] = [];
  const gather = createKeyedBatcher<string, number, string>({
    clock: realClock,
    send: (key, items) =>
      new Promise((resolve, reject) => {
        const answer = () => resolve(items.map((item) => `${key}${item}`));
        calls.push({ key, items, answer, fail: reject });
      }),
    maxBatch: 100,
    maxInFlight: 2,
    maxWaiting: 1000,
    ...limits,
  });
  const sent = () => calls.map(({ key, items }) => `${key}:${items}`);
  return { gather, calls, sent };
}

t.test('items of one key share a call, and each gets its own answer', async (t) => {
  const { gather, calls, sent } = setUp();
  const answers = Promise.all([gather('a', 1), gather('b', 2), gather('a', 3)]);
  await settle();
  t.same(sent(), ['a:1,3', 'b:2']);
  for (const { answer } of calls) answer();
  t.same(await answers, ['a1', 'b2', 'a3']);
});

t.test('a key has one call in flight, and a slow key does not hold up the others', async (t) => {
  const { gather, calls, sent } = setUp();
  const first = gather('a', 1);
  await settle();
  const rest = [gather('a', 2), gather('a', 3), gather('b', 4)];
  await settle();
  t.same(sent(), ['a:1', 'b:4'], 'a place is free, but not for the same key');
  calls[1]?.answer();
  t.equal(await rest[2], 'b4');
  calls[0]?.answer();
  t.equal(await first, 'a1');
  await settle();
  t.same(sent().at(-1), 'a:2,3');
  calls[2]?.answer();
  t.same(await Promise.all(rest), ['a2', 'a3', 'b4']);
});

t.test('what a full call leaves waits behind the other keys', async (t) => {
  const { gather, calls, sent } = setUp({ maxBatch: 2, maxInFlight: 1 });
  const answers = Promise.all([gather('a', 1), gather('a', 2), gather('a', 3), gather('b', 4)]);
  for (let call = 0; call < 3; call += 1) {
    await settle();
    calls[call]?.answer();
  }
  t.same(await answers, ['a1', 'a2', 'a3', 'b4']);
  t.same(sent(), ['a:1,2', 'b:4', 'a:3']);
});

t.test('a call that fails rejects its items only', async (t) => {
  const { gather, calls } = setUp();
  const failing = [gather('a', 1), gather('a', 2)];
  const other = gather('b', 3);
  await settle();
  calls[0]?.fail(new Error('down'));
  calls[1]?.answer();
  for (const item of failing) await t.rejects(item, { message: 'down' });
  t.equal(await other, 'b3');
});

t.test('more items than may wait are rejected', async (t) => {
  const { gather, calls } = setUp({ maxInFlight: 1, maxWaiting: 2 });
  const waiting = [gather('a', 1), gather('b', 2)];
  await t.rejects(gather('a', 3), QueueFullError);
  await settle();
  calls[0]?.answer();
  await settle();
  calls[1]?.answer();
  t.same(await Promise.all(waiting), ['a1', 'b2']);
});
