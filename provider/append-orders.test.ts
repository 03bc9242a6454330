import t from 'tap';
import { fakeClock } from '../ci/testing/fake-clock.ts';
import { createOrderAppender } from './append-orders.ts';

const DEADLINE_MS = 800;

/** An appender on a log that the test can break: `down` rejects, `silent` never answers. */
function setUp() {
  const clock = fakeClock();
  const log = { state: 'up' as 'up' | 'down' | 'silent', appends: 0 };
  const breaker: string[] = [];
  const append = createOrderAppender({
    clock,
    deadlineMs: DEADLINE_MS,
    onBreaker: (state) => breaker.push(state),
    append: async () => {
      log.appends += 1;
      if (log.state === 'down') throw new Error('no leader');
      if (log.state === 'silent') await new Promise(() => undefined);
    },
  });
  return { clock, log, breaker, place: () => append([]) };
}

t.test('a log that answers is asked once', async (t) => {
  const { log, place, breaker } = setUp();
  t.equal(await place(), true);
  t.equal(log.appends, 1);
  t.same(breaker, []);
});

t.test('an append is tried once more, and then it is unknown', async (t) => {
  const { log, place, breaker } = setUp();
  log.state = 'down';
  t.equal(await place(), false);
  t.equal(log.appends, 2);
  t.same(breaker, ['open']);
});

t.test('the second try counts', async (t) => {
  const { clock, log, place, breaker } = setUp();
  log.state = 'silent';
  const placed = place();
  await clock.advance(DEADLINE_MS - 1);
  log.state = 'up';
  await clock.advance(1);
  t.equal(await placed, true);
  t.equal(log.appends, 2);
  t.same(breaker, []);
});

t.test('a silent log is waited for twice the deadline and no longer', async (t) => {
  const { clock, log, place } = setUp();
  log.state = 'silent';
  let answer: boolean | undefined;
  void place().then((placed) => {
    answer = placed;
  });
  await clock.advance(2 * DEADLINE_MS - 1);
  t.equal(answer, undefined);
  await clock.advance(1);
  t.equal(answer, false);
});

t.test('after a failure nobody waits for the log for half a second', async (t) => {
  const { clock, log, place } = setUp();
  log.state = 'down';
  await place();
  await clock.advance(499);
  t.same(await Promise.all([place(), place(), place()]), [false, false, false]);
  t.equal(log.appends, 2);
});

t.test('then one call tries the log, and the others do not wait for it', async (t) => {
  const { clock, log, place } = setUp();
  log.state = 'down';
  await place();
  log.state = 'silent';
  await clock.advance(500);
  const probe = place();
  t.same(await Promise.all([place(), place()]), [false, false]);
  t.equal(log.appends, 3);
  await clock.advance(DEADLINE_MS);
  t.equal(await probe, false, 'once, not twice');
  t.equal(log.appends, 3);
});

t.test('calls that fail together open it once', async (t) => {
  const { clock, log, place } = setUp();
  log.state = 'silent';
  const placed = [place(), place(), place(), place()];
  await clock.advance(DEADLINE_MS);
  await clock.advance(DEADLINE_MS);
  t.same(await Promise.all(placed), [false, false, false, false]);
  log.state = 'up';
  await clock.advance(500);
  t.equal(await place(), true, 'half a second later the log is tried again');
});

t.test('an open breaker closes with the first append that succeeds', async (t) => {
  const { clock, log, place, breaker } = setUp();
  log.state = 'down';
  await place();
  log.state = 'up';
  await clock.advance(500);
  t.equal(await place(), true);
  t.equal(await place(), true);
  t.same(breaker, ['open', 'closed']);
});

t.test('it stays open longer each time, 4 s at most', async (t) => {
  const { clock, log, place, breaker } = setUp();
  log.state = 'down';
  await place();
  for (const openMs of [500, 1000, 2000, 4000, 4000]) {
    const before = log.appends;
    await clock.advance(openMs - 1);
    await place();
    t.equal(log.appends, before, `not before ${openMs} ms`);
    await clock.advance(1);
    await place();
    t.equal(log.appends, before + 1);
  }
  t.same(breaker, ['open'], 'said once');
});
