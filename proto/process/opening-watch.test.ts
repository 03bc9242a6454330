import t from 'tap';
import { fakeClock } from '../../ci/testing/fake-clock.ts';
import { startOpeningWatch } from './opening-watch.ts';

function start() {
  const clock = fakeClock();
  const runsMs: number[] = [];
  const watch = startOpeningWatch(clock, async () => void runsMs.push(clock.nowMs()));
  return { clock, watch, runsMs };
}

/** Times of the database, whose clock is another one. */
const opensIn = (ms: number) => ({ sid: 1, readAtMs: 1e12, opensAtMs: 1e12 + ms });

t.test('a process that was idle is warmed up once, shortly before an opening', async (t) => {
  const { clock, watch, runsMs } = start();
  watch.note(opensIn(120_000));
  await clock.advance(300_000);
  t.same(runsMs, [90_000]);
  watch.close();
});

t.test('a process that works for buyers is not', async (t) => {
  const { clock, watch, runsMs } = start();
  watch.note(opensIn(120_000));
  for (let i = 0; i < 30; i += 1) {
    await clock.advance(5000);
    watch.onWork();
  }
  t.same(runsMs, []);
  watch.close();
});

t.test('an opening that is moved, past or unknown calls nothing', async (t) => {
  const { clock, watch, runsMs } = start();
  watch.note(opensIn(70_000));
  watch.note({ sid: 1, readAtMs: 1e12, opensAtMs: null });
  watch.note(null);
  await clock.advance(300_000);
  watch.note(opensIn(1000));
  await clock.advance(10_000);
  t.same(runsMs, []);
  watch.note(opensIn(70_000));
  watch.close();
  await clock.advance(300_000);
  t.same(runsMs, [], 'closed');
});
