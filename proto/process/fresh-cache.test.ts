import t from 'tap';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import { pause } from './clock.ts';
import { createFreshCache } from './fresh-cache.ts';

/** A cache whose loads take `loadMs` and return a new number each time. */
function setUp({ loadMs = 0, freshForMs = 1000, maxEntries = 10 } = {}) {
  const clock = fakeClock();
  const source = { loads: 0, broken: false };
  const { read, lastKnown } = createFreshCache(clock, maxEntries, async (key: string) => {
    source.loads += 1;
    const value = `${key}${source.loads}`;
    if (loadMs > 0) await pause(clock, loadMs);
    if (source.broken) throw new Error('no database');
    return { value, freshForMs, heldMs: 0 };
  });
  return { clock, source, read, lastKnown };
}

t.test('concurrent reads share one load', async (t) => {
  const { clock, source, read } = setUp({ loadMs: 50 });
  const all = Promise.all([read('a'), read('a'), read('b'), read('a')]);
  await clock.advance(50);
  t.same(
    (await all).map(({ value }) => value),
    ['a1', 'a1', 'b2', 'a1'],
  );
  t.equal(source.loads, 2);
});

t.test('a value is cached until it is stale, not longer', async (t) => {
  const { clock, source, read } = setUp();
  t.same(await read('a'), { value: 'a1', freshForMs: 1000, heldMs: 0 });
  await clock.advance(999);
  t.same(await read('a'), { value: 'a1', freshForMs: 1, heldMs: 999 });
  await clock.advance(1);
  t.same(await read('a'), { value: 'a2', freshForMs: 1000, heldMs: 0 });
  t.equal(source.loads, 2);
});

t.test('the age counts from before the load', async (t) => {
  const { clock, read } = setUp({ loadMs: 300 });
  const first = read('a');
  await clock.advance(300);
  t.same(await first, { value: 'a1', freshForMs: 700, heldMs: 0 });
  await clock.advance(699);
  t.same(await read('a'), { value: 'a1', freshForMs: 1, heldMs: 699 });
  await clock.advance(1);
  const second = read('a');
  await clock.advance(300);
  t.match(await second, { value: 'a2' });
});

t.test('a value that is stale after its load is not cached', async (t) => {
  const { clock, source, read } = setUp({ loadMs: 1500 });
  const first = read('a');
  await clock.advance(1500);
  t.match(await first, { value: 'a1' });
  const second = read('a');
  await clock.advance(1500);
  t.match(await second, { value: 'a2' });
  t.equal(source.loads, 2);
});

t.test('a failed load rejects all its readers, and is not cached', async (t) => {
  const { clock, source, read } = setUp({ loadMs: 10 });
  source.broken = true;
  const all = Promise.allSettled([read('a'), read('a')]);
  await clock.advance(10);
  t.match(await all, [{ reason: { message: 'no database' } }, { reason: { message: 'no database' } }]);
  source.broken = false;
  const again = read('a');
  await clock.advance(10);
  t.match(await again, { value: 'a2' });
});

t.test('at most maxEntries values are cached', async (t) => {
  const { source, read } = setUp({ maxEntries: 2 });
  for (const key of ['a', 'b', 'c']) await read(key);
  await read('c');
  t.equal(source.loads, 3);
  await read('a');
  t.equal(source.loads, 4, 'a had to go');
});

t.test('lastKnown returns a stale value, also while loads fail', async (t) => {
  const { clock, source, read, lastKnown } = setUp({ loadMs: 300 });
  t.equal(lastKnown('a'), undefined);
  const first = read('a');
  await clock.advance(300);
  await first;
  source.broken = true;
  await clock.advance(5000);
  const failed = Promise.allSettled([read('a')]);
  await clock.advance(300);
  t.match(await failed, [{ status: 'rejected' }]);
  t.same(lastKnown('a'), { value: 'a1', freshForMs: 700 - 5300, heldMs: 5300 });
});

t.test('the duration of a load does not count as time since its answer', async (t) => {
  const { clock, read } = setUp({ loadMs: 1800 });
  const slow = read('a');
  await clock.advance(1800);
  t.match(await slow, { heldMs: 0 });
});
