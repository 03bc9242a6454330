import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { silentLogger } from '../ci/testing/silent-logger.ts';
import { realClock } from '../proto/process/clock.ts';
import { runEvery } from './run-every.ts';

const common = { what: 'test', logger: silentLogger, clock: realClock };

t.test('work is never done twice at once, and close lets it finish', async (t) => {
  let underWay = 0;
  let most = 0;
  let done = 0;
  const started = Promise.withResolvers<void>();
  const job = runEvery({
    ...common,
    everyMs: 1,
    async work() {
      underWay += 1;
      most = Math.max(most, underWay);
      started.resolve();
      await sleep(30);
      underWay -= 1;
      done += 1;
    },
  });
  await started.promise;
  await job.close();
  t.equal(done, 1);
  await sleep(60);
  t.same([most, done, underWay], [1, 1, 0], 'and nothing afterwards');
});

t.test('with more to do it goes on at once', async (t) => {
  let calls = 0;
  const reached = Promise.withResolvers<void>();
  const job = runEvery({
    ...common,
    everyMs: 60_000,
    async work() {
      calls += 1;
      if (calls === 5) reached.resolve();
      return calls < 5;
    },
  });
  await reached.promise;
  await job.close();
  t.equal(calls, 5);
});

t.test('a failure, also a thrown one, is not the end, and the pause grows', async (t) => {
  const delays: number[] = [];
  let wake: (() => void) | undefined;
  const clock = {
    nowMs: () => 0,
    setTimer(delayMs: number, then: () => void) {
      delays.push(delayMs);
      wake = then;
      return () => undefined;
    },
    soon: () => undefined,
  };
  let calls = 0;
  const job = runEvery({
    ...common,
    clock,
    everyMs: 1000,
    work() {
      calls += 1;
      if (calls === 1) throw new Error('thrown');
      return calls < 5 ? Promise.reject(new Error('rejected')) : Promise.resolve();
    },
  });
  for (let i = 0; i < 5; i += 1) {
    wake?.();
    await sleep(1);
  }
  t.same(delays, [0, 2000, 4000, 5000, 5000, 1000]);
  await job.close();
});
