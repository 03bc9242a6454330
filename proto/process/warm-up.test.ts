import pino from 'pino';
import t from 'tap';
import { createWarmUp, type WarmUpOptions } from './warm-up.ts';

function create(options: Partial<WarmUpOptions>) {
  const lines: { level: number; msg: string; state?: string }[] = [];
  const logger = pino({}, { write: (line: string) => lines.push(JSON.parse(line)) });
  const warmUp = createWarmUp({ isOn: true, logger, cpuMs: 1000, work: async () => 'done', ...options });
  return { warmUp, lines };
}

t.test('a warm-up is done after its work, and says how long it took', async (t) => {
  const working = Promise.withResolvers<'done'>();
  const { warmUp } = create({ work: () => working.promise });
  t.match(warmUp.describe(), { state: 'waiting', secondsAgo: null });
  const run = warmUp.run();
  t.match(warmUp.describe(), { state: 'running' });
  working.resolve('done');
  await run;
  const { state, seconds, cpuSeconds, secondsAgo } = warmUp.describe();
  t.equal(state, 'done');
  t.ok(seconds >= 0 && cpuSeconds >= 0 && secondsAgo !== null && secondsAgo >= 0);
});

t.test('a warm-up that fails is logged, and the process goes on', async (t) => {
  const { warmUp, lines } = create({ work: () => Promise.reject(new Error('no Kafka')) });
  await warmUp.run();
  t.equal(warmUp.describe().state, 'failed');
  t.match(lines[0], { level: 40, msg: 'warm-up failed; the process serves without it', err: { message: 'no Kafka' } });
});

t.test('a warm-up is skipped where its work says so, and does nothing when it is off', async (t) => {
  const skipped = create({ work: async () => 'skipped' });
  await skipped.warmUp.run();
  t.equal(skipped.warmUp.describe().state, 'skipped');
  const off = create({ isOn: false, work: () => Promise.reject(new Error('must not run')) });
  await off.warmUp.run();
  t.same(off.lines, []);
  t.same(off.warmUp.describe(), { state: 'off', seconds: 0, cpuSeconds: 0, secondsAgo: null });
});

t.test('the budget is spent after its CPU time', async (t) => {
  let rounds = 0;
  const { warmUp } = create({
    cpuMs: 50,
    async work({ isSpent }) {
      for (; !isSpent(); rounds += 1) for (let i = 0; i < 100_000; i += 1) Math.sqrt(i);
      return 'done';
    },
  });
  await warmUp.run();
  t.ok(rounds > 0);
  t.ok(warmUp.describe().cpuSeconds >= 0.05, `${warmUp.describe().cpuSeconds}`);
});
