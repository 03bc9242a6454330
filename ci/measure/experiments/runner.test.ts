import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import t, { type Test } from 'tap';
import { subscribeExperiments } from '../../../consumer/admin/experiments/subscribe-experiments.ts';
import { connectRedis } from '../../../db/redis/connect-redis.ts';
import type { Experiment } from '../../../proto/messages/experiment.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { callApi } from '../../testing/clients/call-api.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import {
  randomName,
  startTestConsumer,
  startTestProvider,
  startTestWorker,
} from '../../testing/servers/start-test-system.ts';
import { asKind } from '../../testing/servers/test-redis.ts';
import { silentLogger } from '../../testing/silent-logger.ts';
import { readConfig } from './config.ts';
import { startRunner } from './runner.ts';

const servers = await createTestServers(t);
const providerPort = await startTestProvider(t, servers);
await startTestWorker(t, servers);
const url = await startTestConsumer(t, servers, [providerPort]);
const settings = {
  NODE_ENV: 'test',
  MYSQL_URL: servers.mysqlUrl,
  REDIS_URL: asKind('experiments', servers.redisUrl),
  SYSTEM_URL: url,
  PROVIDERS: `127.0.0.1:${providerPort}`,
};
const admin = { as: 'admin' };
/** Takes some seconds, without load that delays the next test. */
const long = { ways: ['pessimistic'], buyers: 2500, units: 2500 };

const call = (at: string, body?: unknown) =>
  callApi(`${url}/api/v1`, at, body === undefined ? admin : { ...admin, body });

async function startExperiment(request: object): Promise<string> {
  const { status, text, body } = await call('/admin/experiments', request);
  if (status !== 202) throw new Error(text);
  return String(body.experimentId);
}

/** Waits until the experiment fits. */
function waitUntilItIs(
  id: string,
  what: string,
  fits: (experiment: Experiment) => boolean,
  limitMs = 30_000,
): Promise<Experiment> {
  const look = async () => {
    const experiment = (await call(`/admin/experiments/${id}`)).body as Experiment;
    if (!fits(experiment))
      throw new Error(JSON.stringify({ ...experiment, ways: experiment.ways.map(({ way, state }) => [way, state]) }));
    return experiment;
  };
  return waitUntil(`the experiment to be ${what}`, look, { limitMs });
}

/** Starts a long experiment and resolves to its id when it sells. Load of the previous test may make its first call fail. */
function startSelling(): Promise<string> {
  const start = async () => {
    const id = await startExperiment(long);
    const isSelling = ({ ways }: Experiment) => ways.some(({ state, rows }) => state === 'running' && rows > 0);
    const experiment = await waitUntilItIs(id, 'under way', (seen) => seen.state === 'failed' || isSelling(seen));
    if (experiment.state === 'failed') throw new Error(String(experiment.error));
    return id;
  };
  return waitUntil('an experiment that sells', start, { limitMs: 60_000 });
}

async function waitForRunner(wanted: boolean): Promise<void> {
  const look = async () => {
    if ((await call('/admin/experiments')).body.runner !== wanted) throw new Error(`not ${wanted}`);
  };
  await waitUntil('the state of the runner', look, { limitMs: 15_000 });
}

async function openTestRunner(t: Test, more: Record<string, string> = {}) {
  const runner = await startRunner(readConfig({ ...settings, ...more }), randomName('experiments'), silentLogger);
  t.teardown(() => runner.close());
  await waitForRunner(true);
  return runner;
}

t.test('an experiment from its request to its end', async (t) => {
  const subscriber = connectRedis({ REDIS_URL: servers.redisUrl, REDIS_PREFIX: '' }, silentLogger);
  t.teardown(() => subscriber.destroy());
  const received: (Experiment & { atMs: number })[] = [];
  subscribeExperiments(subscriber, subscriber.names.experimentsChannel, (experiment) =>
    received.push({ ...experiment, atMs: performance.now() }),
  );
  await waitUntil('Redis', () => subscriber.ping(), { limitMs: 5000 });
  await openTestRunner(t);
  const id = await startExperiment({ ways: ['optimisticLimitRedisKafka', 'wrong'], buyers: 40, units: 10 });
  const { ways, ...done } = await waitUntilItIs(id, 'done', ({ state }) => state === 'done');
  t.match(done, { buyers: 40, units: 10, error: null, endedAt: /^20/ });
  const [wrong, log] = ways;
  if (!wrong || !log) return t.fail('no strategies');
  t.same([wrong.way, log.way], ['wrong', 'optimisticLimitRedisKafka'], 'in the order of the ladder');
  for (const run of ways) {
    t.match(run, { state: 'done', answered: 40, requests: 40, errors: 0, p50Ms: Number, why: /^[A-Z].*\.$/ });
    t.equal(run.oversold, Math.max(0, run.rows - 10));
    t.ok(run.samples.length >= 1 && run.samples.length <= 60, `${run.samples.length} samples`);
    t.match(run.samples.at(-1), { rows: run.rows, answered: 40 });
    t.same(
      run.samples,
      run.samples.toSorted((a, b) => a.ms - b.ms),
    );
  }
  t.match(wrong, { limited: 0, confirmed: wrong.rows });
  t.match(log, { confirmed: 10, rows: 10, sold: 10, oversold: 0, unsold: 0 });

  const ofIt = () => received.filter(({ experimentId }) => experimentId === id);
  await waitUntil('its last state', () => t.equal(ofIt().at(-1)?.state, 'done') || Promise.reject(new Error()), {
    limitMs: 5000,
  });
  const states = ofIt();
  t.equal(states[0]?.state, 'queued');
  const tookMs = (states.at(-1)?.atMs ?? 0) - (states[0]?.atMs ?? 0);
  // The request, the first and the last state come in addition to five a second.
  t.ok(states.length <= tookMs / 200 + 3, `${states.length} times in ${tookMs} ms`);
});

t.test('a second runner takes over', async (t) => {
  const first = await openTestRunner(t);
  await openTestRunner(t);
  await first.close();
  const id = await startExperimentSoon();
  t.match((await waitUntilItIs(id, 'done', ({ state }) => state === 'done')).ways, [
    { way: 'optimistic', state: 'done' },
  ]);
});

/** Between two runners none may be active for a moment. */
const startExperimentSoon = () =>
  waitUntil('a runner', () => startExperiment({ ways: ['optimistic'], buyers: 10, units: 10 }), { limitMs: 10_000 });

t.test('a stopped runner marks its experiment as failed', async (t) => {
  const runner = await openTestRunner(t);
  const id = await startSelling();
  await runner.close();
  t.match((await call(`/admin/experiments/${id}`)).body, { state: 'failed', error: 'Its runner was stopped.' });
  t.equal((await call('/admin/experiments', long)).status, 503);
});

t.test('an experiment that takes too long is ended', async (t) => {
  await openTestRunner(t, { EXPERIMENT_MAX: '2' });
  const tooLong = async () => {
    const id = await startExperiment(long);
    const { error } = await waitUntilItIs(id, 'failed', ({ state }) => state === 'failed');
    // Load of the previous test may delay its first call.
    t.match(error, /^It was not done after 2 s\.$|UNAVAILABLE/);
    if (error?.includes('UNAVAILABLE')) throw new Error(error);
  };
  await waitUntil('an experiment that reaches its time limit', tooLong, { limitMs: 30_000 });
});

t.test('the experiment of a killed runner fails soon, and another runner can start', async (t) => {
  const env = { ...process.env, ...settings, LOG_LEVEL: 'silent' };
  const child = spawn(process.execPath, [path.join(root, 'ci', 'measure', 'experiments', 'run-experiments.ts')], {
    env,
    stdio: 'ignore',
  });
  t.teardown(() => child.kill('SIGKILL'));
  await waitForRunner(true);
  const id = await startSelling();
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  const { error } = await waitUntilItIs(id, 'failed', ({ state }) => state === 'failed');
  t.equal(error, 'The runner ended before the experiment was complete.');
  await waitForRunner(false);
  t.equal((await call('/admin/experiments', long)).status, 503);
  await openTestRunner(t);
  const next = await startExperiment({ ways: ['optimistic'], buyers: 10, units: 10 });
  await waitUntilItIs(next, 'done', ({ state }) => state === 'done');
});
