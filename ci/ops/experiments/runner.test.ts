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
/** Some seconds, and no crowd that the next test would have to wait for. */
const long = { ways: ['pessimistic'], buyers: 2500, units: 2500 };

const call = (at: string, body?: unknown) =>
  callApi(`${url}/api/v1`, at, body === undefined ? admin : { ...admin, body });

async function startExperiment(wish: object): Promise<string> {
  const { status, text, body } = await call('/admin/experiments', wish);
  if (status !== 202) throw new Error(text);
  return String(body.experimentId);
}

/** The experiment, once it is as it should be. */
function untilItIs(
  id: string,
  what: string,
  fits: (one: Experiment) => boolean,
  limitMs = 30_000,
): Promise<Experiment> {
  const look = async () => {
    const one = (await call(`/admin/experiments/${id}`)).body as Experiment;
    if (!fits(one)) throw new Error(JSON.stringify({ ...one, ways: one.ways.map(({ way, state }) => [way, state]) }));
    return one;
  };
  return waitUntil(`the experiment to be ${what}`, look, { limitMs });
}

const untilItSells = (id: string) =>
  untilItIs(id, 'under way', ({ ways }) => ways.some(({ state, rows }) => state === 'running' && rows > 0));

async function untilThereIs(wanted: boolean): Promise<void> {
  const look = async () => {
    if ((await call('/admin/experiments')).body.runner !== wanted) throw new Error(`not ${wanted}`);
  };
  await waitUntil('what is said of a runner', look, { limitMs: 15_000 });
}

async function openTestRunner(t: Test, more: Record<string, string> = {}) {
  const runner = await startRunner(readConfig({ ...settings, ...more }), randomName('experiments'), silentLogger);
  t.teardown(() => runner.close());
  await untilThereIs(true);
  return runner;
}

t.test('an experiment from the wish to its end', async (t) => {
  const subscriber = connectRedis({ REDIS_URL: servers.redisUrl, REDIS_PREFIX: '' }, silentLogger);
  t.teardown(() => subscriber.destroy());
  const heard: (Experiment & { atMs: number })[] = [];
  subscribeExperiments(subscriber, subscriber.names.experimentsChannel, (one) =>
    heard.push({ ...one, atMs: performance.now() }),
  );
  await waitUntil('Redis', () => subscriber.ping(), { limitMs: 5000 });
  await openTestRunner(t);
  const id = await startExperiment({ ways: ['optimisticLimitRedisKafka', 'wrong'], buyers: 40, units: 10 });
  const { ways, ...done } = await untilItIs(id, 'done', ({ state }) => state === 'done');
  t.match(done, { buyers: 40, units: 10, error: null, endedAt: /^20/ });
  const [wrong, log] = ways;
  if (!wrong || !log) return t.fail('no ways');
  t.same([wrong.way, log.way], ['wrong', 'optimisticLimitRedisKafka'], 'in the ladder’s order');
  for (const way of ways) {
    t.match(way, { state: 'done', answered: 40, requests: 40, errors: 0, p50Ms: Number, why: /^[A-Z].*\.$/ });
    t.equal(way.oversold, Math.max(0, way.rows - 10));
    t.ok(way.samples.length >= 1 && way.samples.length <= 60, `${way.samples.length} samples`);
    t.match(way.samples.at(-1), { rows: way.rows, answered: 40 });
    t.same(
      way.samples,
      way.samples.toSorted((a, b) => a.ms - b.ms),
    );
  }
  t.match(wrong, { limited: 0, confirmed: wrong.rows });
  t.match(log, { confirmed: 10, rows: 10, sold: 10, oversold: 0, unsold: 0 });

  const ofIt = () => heard.filter(({ experimentId }) => experimentId === id);
  await waitUntil('its end to be heard', () => t.equal(ofIt().at(-1)?.state, 'done') || Promise.reject(new Error()), {
    limitMs: 5000,
  });
  const told = ofIt();
  t.equal(told[0]?.state, 'queued');
  const tookMs = (told.at(-1)?.atMs ?? 0) - (told[0]?.atMs ?? 0);
  // The wish, the first and the last word come beside the five a second.
  t.ok(told.length <= tookMs / 200 + 3, `${told.length} times in ${tookMs} ms`);
});

t.test('a second runner stands by', async (t) => {
  const first = await openTestRunner(t);
  await openTestRunner(t);
  await first.close();
  const id = await startExperimentSoon();
  t.match((await untilItIs(id, 'done', ({ state }) => state === 'done')).ways, [{ way: 'optimistic', state: 'done' }]);
});

/** Between one runner and the next there may be none for a moment. */
const startExperimentSoon = () =>
  waitUntil('a runner', () => startExperiment({ ways: ['optimistic'], buyers: 10, units: 10 }), { limitMs: 10_000 });

t.test('a runner that is stopped says so of what it was doing', async (t) => {
  const runner = await openTestRunner(t);
  const id = await startExperiment(long);
  await untilItSells(id);
  await runner.close();
  t.match((await call(`/admin/experiments/${id}`)).body, { state: 'failed', error: 'Its runner was stopped.' });
  t.equal((await call('/admin/experiments', long)).status, 503);
});

t.test('an experiment that takes too long is ended', async (t) => {
  await openTestRunner(t, { EXPERIMENT_MAX: '2' });
  const tooLong = async () => {
    const id = await startExperiment(long);
    const { error } = await untilItIs(id, 'failed', ({ state }) => state === 'failed');
    // The crowd of the test before may still be in the way of its first call.
    t.match(error, /^It was not done after 2 s\.$|UNAVAILABLE/);
    if (error?.includes('UNAVAILABLE')) throw new Error(error);
  };
  await waitUntil('an experiment that has its time', tooLong, { limitMs: 30_000 });
});

t.test('what a killed runner was doing has failed soon, and another runner can go on', async (t) => {
  const env = { ...process.env, ...settings, LOG_LEVEL: 'silent' };
  const child = spawn(process.execPath, [path.join(root, 'ci', 'ops', 'experiments', 'run-experiments.ts')], {
    env,
    stdio: 'ignore',
  });
  t.teardown(() => child.kill('SIGKILL'));
  await untilThereIs(true);
  const id = await startExperiment(long);
  await untilItSells(id);
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
  const { error } = await untilItIs(id, 'failed', ({ state }) => state === 'failed');
  t.equal(error, 'Its runner ended in the middle of it.');
  await untilThereIs(false);
  t.equal((await call('/admin/experiments', long)).status, 503);
  await openTestRunner(t);
  const next = await startExperiment({ ways: ['optimistic'], buyers: 10, units: 10 });
  await untilItIs(next, 'done', ({ state }) => state === 'done');
});
