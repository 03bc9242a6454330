import t from 'tap';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import { createPartitionIsolation } from './partition-isolation.ts';
import { NotOwnedError } from './work-through-batch.ts';

function setUp() {
  const clock = fakeClock();
  const paused = new Set<number>();
  const stuck: [number, boolean][] = [];
  const isolation = createPartitionIsolation({
    clock,
    pause: (partition) => paused.add(partition),
    resume: (partition) => paused.delete(partition),
    onStuck: (partition, isStuck) => stuck.push([partition, isStuck]),
  });
  /** Whether the next batch may be fetched. */
  const run = (partition: number, work: (onChunk: () => void) => Promise<void>) => {
    const state = { isOver: false };
    void isolation.run(partition, work).then(() => {
      state.isOver = true;
    });
    return state;
  };
  return { clock, paused, stuck, isolation, run };
}

t.test('the consumer waits for a fast batch', async (t) => {
  const { clock, paused, stuck, run } = setUp();
  const work = Promise.withResolvers<void>();
  const state = run(3, () => work.promise);
  await clock.advance(199);
  t.equal(state.isOver, false);
  work.resolve();
  await clock.advance(0);
  t.equal(state.isOver, true);
  t.equal(paused.size, 0);
  t.same(stuck, []);
});

t.test('the consumer waits for a batch of many fast chunks', async (t) => {
  const { clock, paused, run } = setUp();
  const work = Promise.withResolvers<void>();
  let chunk = (): void => undefined;
  const state = run(3, (onChunk) => {
    chunk = onChunk;
    return work.promise;
  });
  for (let i = 0; i < 10; i += 1) {
    await clock.advance(150);
    chunk();
  }
  t.equal(state.isOver, false);
  t.equal(paused.size, 0);
  work.resolve();
  await clock.advance(0);
  t.equal(state.isOver, true);
});

t.test('after 200 ms of a slow chunk the partition is paused until the batch ends', async (t) => {
  const { clock, paused, stuck, run } = setUp();
  const work = Promise.withResolvers<void>();
  const state = run(3, () => work.promise);
  await clock.advance(200);
  t.equal(state.isOver, true);
  t.same([...paused], [3]);
  await clock.advance(1999);
  t.same(stuck, []);
  await clock.advance(1);
  t.same(stuck, [[3, true]], 'it is reported after 2 s without progress');
  await clock.advance(60_000);
  t.same([...paused], [3]);
  work.resolve();
  await clock.advance(0);
  t.equal(paused.size, 0);
});

t.test('the consumer does not wait for a slow partition until one of its chunks is fast', async (t) => {
  const { clock, paused, run } = setUp();
  const first = Promise.withResolvers<void>();
  run(3, () => first.promise);
  await clock.advance(300);
  first.resolve();
  await clock.advance(0);
  const second = Promise.withResolvers<void>();
  let chunk = (): void => undefined;
  const state = run(3, (onChunk) => {
    chunk = onChunk;
    return second.promise;
  });
  await clock.advance(0);
  t.equal(state.isOver, true, 'the others do not wait');
  await clock.advance(50);
  chunk();
  second.resolve();
  await clock.advance(0);
  t.equal(paused.size, 0);
  const third = run(3, () => new Promise(() => undefined));
  await clock.advance(199);
  t.equal(third.isOver, false, 'it is waited for again');
});

t.test('a failed batch pauses its partition, for up to 5 s', async (t) => {
  const { clock, paused, stuck, run } = setUp();
  for (const delayMs of [100, 200, 400, 800, 1600, 3200, 5000, 5000]) {
    const state = run(3, () => Promise.reject(new Error('not today')));
    await clock.advance(0);
    t.equal(state.isOver, true, 'and rejects nothing');
    await clock.advance(delayMs - 1);
    t.same([...paused], [3]);
    await clock.advance(1);
    t.equal(paused.size, 0, `after ${delayMs} ms`);
  }
  t.same(stuck, [[3, true]]);
  run(3, async (onChunk) => onChunk());
  await clock.advance(0);
  t.same(stuck.at(-1), [3, false]);
  run(3, () => Promise.reject(new Error('not today')));
  await clock.advance(100);
  t.equal(paused.size, 0, 'after a success the first pause is short again');
});

t.test('a batch of a reassigned partition is not a failure', async (t) => {
  const { clock, paused, stuck, run } = setUp();
  run(3, () => Promise.reject(new NotOwnedError('gone')));
  await clock.advance(0);
  t.equal(paused.size, 0);
  t.same(stuck, []);
});

t.test('a partition has at most one batch in progress, also during a rebalance', async (t) => {
  const { clock, paused, run } = setUp();
  const work = Promise.withResolvers<void>();
  run(3, () => work.promise);
  await clock.advance(200);
  let begun = false;
  const again = run(3, async () => {
    begun = true;
  });
  await clock.advance(0);
  t.equal(again.isOver, true);
  t.equal(begun, false);
  t.same([...paused], [3]);
  work.reject(new NotOwnedError('another membership'));
  await clock.advance(0);
  t.equal(paused.size, 0, 'then the partition is asked for again');
});

t.test('close waits for batches in progress, and resumes no partition', async (t) => {
  const { clock, paused, isolation, run } = setUp();
  const work = Promise.withResolvers<void>();
  run(3, () => work.promise);
  run(4, () => Promise.reject(new Error('not today')));
  await clock.advance(200);
  let closed = false;
  const closing = isolation.close().then(() => {
    closed = true;
  });
  await clock.advance(0);
  t.equal(closed, false);
  work.resolve();
  await closing;
  await clock.advance(60_000);
  t.ok(paused.has(3));
});
