import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { silentLogger } from '../../ci/testing/silent-logger.ts';
import { realClock } from '../../proto/process/clock.ts';
import { startJob } from './start-job.ts';

const common = { name: 'test', logger: silentLogger, clock: realClock };

t.test('work never runs twice at once, and close waits for it', async (t) => {
  let inProgress = 0;
  let maxInProgress = 0;
  let done = 0;
  const started = Promise.withResolvers<void>();
  const job = startJob({
    ...common,
    everyMs: 1,
    async work() {
      inProgress += 1;
      maxInProgress = Math.max(maxInProgress, inProgress);
      started.resolve();
      await sleep(30);
      inProgress -= 1;
      done += 1;
    },
  });
  await started.promise;
  await job.close();
  t.equal(done, 1);
  await sleep(60);
  t.same([maxInProgress, done, inProgress], [1, 1, 0], 'no work after close');
});

t.test('with more to do, work runs again at once', async (t) => {
  let calls = 0;
  const reached = Promise.withResolvers<void>();
  const job = startJob({
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

t.test('after a failure, also a thrown one, work runs again after a growing pause', async (t) => {
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
  const job = startJob({
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
