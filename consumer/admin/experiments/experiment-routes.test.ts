import t from 'tap';
import { waitUntil } from '../../../ci/command/wait-until.ts';
import { callApi } from '../../../ci/testing/clients/call-api.ts';
import { createTestServers } from '../../../ci/testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider } from '../../../ci/testing/servers/start-test-system.ts';
import { createTestRedisClient } from '../../../ci/testing/servers/test-redis.ts';
import { silentLogger } from '../../../ci/testing/silent-logger.ts';
import { connectRedis } from '../../../db/redis/connect-redis.ts';
import { createExperimentStore } from '../../../db/redis/experiment-store.ts';
import { type Experiment, ladderStrategies } from '../../../proto/messages/experiment.ts';
import { realClock } from '../../../proto/process/clock.ts';
import { subscribeExperiments } from './subscribe-experiments.ts';

// Who runs experiments is played by the same store that the runner uses; the runner has tests of its own.
const servers = await createTestServers(t);
const { redisUrl } = servers;
const provider = await startTestProvider(t, servers);
const [first, second] = await Promise.all(
  [1, 2].map(async () => `${await startTestConsumer(t, { redisUrl }, [provider])}/api/v1`),
);
const api = String(first);
const redis = await createTestRedisClient(t, redisUrl);
const store = createExperimentStore(realClock, redis);
const admin = { as: 'admin' };
const comparison = { ways: ['optimistic', 'wrong'], buyers: 40, units: 10 };
const start = (body: unknown = comparison, url = api) => callApi(url, '/admin/experiments', { ...admin, body });
const list = async () => (await callApi(api, '/admin/experiments', admin)).body;
/** As if nothing had been received of the one that runs for its time. */
const letClaimExpire = () => redis.del(redis.names.experimentRunning);

async function runRequested(): Promise<Experiment> {
  const experiment = await store.findRequest();
  if (!experiment) throw new Error('no experiment is requested');
  return experiment;
}

async function endRequested(): Promise<void> {
  const experiment = await runRequested();
  await store.keep({ ...experiment, state: 'done', endedAt: new Date().toISOString() });
}

t.test('the routes need the role admin', async (t) => {
  for (const [path, call] of [
    ['/admin/experiments', { body: comparison }],
    ['/admin/experiments', {}],
    ['/admin/experiments/01JGZ5Q3C8W4T2M6N7P9R0S1V3', {}],
  ] as const) {
    t.equal((await callApi(api, path, call)).status, 401, path);
    t.equal((await callApi(api, path, { ...call, as: 'ann' })).status, 403, path);
  }
});

t.test('without a runner an experiment is refused with the reason', async (t) => {
  const { status, body, headers } = await start();
  t.equal(status, 503);
  t.match(body, { code: 'unavailable', detail: /npm start/ });
  t.ok(headers.get('retry-after'));
  t.equal(headers.get('cache-control'), 'no-store');
  t.match(await list(), { experiments: [], runner: false, ways: ladderStrategies });
  t.equal(await store.findRequest(), null, 'no experiment is requested');
});

t.test('with a runner', async (t) => {
  t.equal(await store.beRunner('this test'), true);
  t.equal(await store.beRunner('another'), false, 'one runner at a time');
  const saying = setInterval(() => void store.beRunner('this test'), 1000);
  t.teardown(() => clearInterval(saying));

  await t.test('an invalid request is refused and changes nothing', async (t) => {
    for (const wrong of [
      { ways: [] },
      { ways: ['wrong', 'wrong'] },
      { ways: ['right'] },
      { ways: 'wrong' },
      { buyers: 0 },
      { buyers: 20_001 },
      { buyers: 1.5 },
      { units: 0 },
      { units: 1_000_001 },
      { runs: 3 },
    ]) {
      const { status, body } = await start({ ...comparison, ...wrong });
      t.equal(status, 400, JSON.stringify(wrong));
      t.equal(body.code, 'invalid_request', JSON.stringify(wrong));
    }
    t.equal((await start('{')).status, 400);
    t.same((await list()).experiments, []);
    t.equal(await store.findRequest(), null);
  });

  await t.test('of two concurrent requests one starts, and all watchers see it', async (t) => {
    const subscriber = connectRedis({ REDIS_URL: redisUrl, REDIS_PREFIX: '' }, silentLogger);
    t.teardown(() => subscriber.destroy());
    const received: Experiment[] = [];
    subscribeExperiments(subscriber, subscriber.names.experimentsChannel, (experiment) => received.push(experiment));
    await waitUntil('Redis', () => subscriber.ping(), { limitMs: 5000 });
    const answers = await Promise.all([start(), start(comparison, second), start(), start(comparison, second)]);
    t.same(answers.map(({ status }) => status).sort(), [202, 409, 409, 409]);
    t.match(answers.find(({ status }) => status === 409)?.body, { code: 'conflict', detail: /one at a time/ });
    const made = answers.find(({ status }) => status === 202);
    const id = String(made?.body.experimentId);
    t.match(made?.body, { state: 'queued', buyers: 40, units: 10, endedAt: null, error: null });
    t.match(made?.body.ways, [
      { way: 'wrong', state: 'waiting', p50Ms: null, why: '', samples: [] },
      { way: 'optimistic' },
    ]);
    t.equal(made?.headers.get('location'), `/api/v1/admin/experiments/${id}`);
    t.same((await callApi(String(second), `/admin/experiments/${id}`, admin)).body, made?.body);
    t.match(await list(), { experiments: [{ experimentId: id }], runner: true });
    await endRequested();
    const states = () => received.filter(({ experimentId }) => experimentId === id).map(({ state }) => state);
    await waitUntil('both to be received', () => void (states().length < 2 && fail(`${states()}`)), { limitMs: 5000 });
    t.same(states(), ['queued', 'done']);
  });

  await t.test('an experiment that no runner takes fails after its time, and the next one can start', async (t) => {
    const { body } = await start();
    t.equal((await start()).status, 409);
    await letClaimExpire();
    const path = `/admin/experiments/${body.experimentId}`;
    const failed = await callApi(api, path, admin);
    t.match(failed.body, { state: 'failed', error: 'No runner started it in time.', endedAt: /^20/ });
    t.same((await callApi(api, path, admin)).body, failed.body, 'and stays so');
    t.equal((await start()).status, 202);
    const left = await runRequested();
    await store.keep({ ...left, state: 'running' });
    await letClaimExpire();
    t.match((await list()).experiments, [
      { state: 'failed', error: 'The runner ended before the experiment was complete.' },
      {},
    ]);
    t.equal(await store.keep({ ...left, state: 'done' }), false, 'a runner that comes back late changes nothing');
    t.match((await list()).experiments, [{ state: 'failed' }]);
  });

  await t.test('the latest ten are kept for a day', async (t) => {
    const ids: string[] = [];
    for (let i = 0; i < 12; i += 1) {
      ids.unshift(String((await start()).body.experimentId));
      await endRequested();
    }
    const kept = (await list()).experiments as Experiment[];
    t.same(
      kept.map(({ experimentId }) => experimentId),
      ids.slice(0, 10),
    );
    for (const id of ids.slice(10)) {
      t.match((await callApi(api, `/admin/experiments/${id}`, admin)).body, {
        code: 'experiment_not_found',
        status: 404,
      });
    }
    const leftMs = await redis.pTTL(redis.names.experiment(String(ids[0])));
    t.ok(leftMs > 86_000_000 && leftMs <= 86_400_000, `${leftMs} ms`);
  });
});

t.test('without LADDER the routes do not exist', async (t) => {
  const plain = await startTestConsumer(t, { redisUrl }, [provider], { LADDER: 'off' });
  for (const call of [{ body: comparison }, {}]) {
    const { status, body } = await callApi(plain, '/api/v1/admin/experiments', { ...admin, ...call });
    t.match({ status, code: body.code }, { status: 404, code: 'not_found' });
  }
});

t.test('without Redis the routes answer with 503', async (t) => {
  const alone = await startTestConsumer(t, { redisUrl: 'redis://127.0.0.1:9' }, [provider]);
  for (const call of [{ body: comparison }, {}]) {
    const { status, body } = await callApi(alone, '/api/v1/admin/experiments', { ...admin, ...call });
    t.match({ status, code: body.code }, { status: 503, code: 'unavailable' });
  }
});

function fail(message: string): never {
  throw new Error(message);
}
