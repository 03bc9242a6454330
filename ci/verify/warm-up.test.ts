import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { readLogEnds } from '../../proto/kafka/read-log.ts';
import { parseMetrics, sumOf } from '../command/parse-metrics.ts';
import { findFreePorts } from '../local/ports/find-free-ports.ts';
import { createTestServers } from '../testing/servers/create-test-servers.ts';
import { startTestConsumer, startTestProvider, startTestWorker } from '../testing/servers/start-test-system.ts';
import { createTestRedisClient } from '../testing/servers/test-redis.ts';

const servers = await createTestServers(t);
const { mysql, topics, redisUrl } = servers;

type Ready = { status: number; warmUp: string; seconds: number };

/** Asks /readyz until it answers 200; returns all answers. */
async function followReadiness(port: number): Promise<Ready[]> {
  const answers: Ready[] = [];
  while (answers.at(-1)?.status !== 200) {
    const response = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null);
    if (response) {
      const { warmUp } = (await response.json()) as { warmUp: { state: string; seconds: number } };
      answers.push({ status: response.status, warmUp: warmUp.state, seconds: warmUp.seconds });
    } else await sleep(5);
  }
  return answers;
}

async function readMetrics(port: number) {
  return parseMetrics(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
}

/** Starts one of each process; resolves with the ports of their metrics and their answers to /readyz. */
async function startAll(t: Test, settings: Record<string, string>) {
  const ports = await findFreePorts(3);
  const [atConsumer = 0, atProvider = 0, atWorker = 0] = ports;
  // Opening connections is slow on a busy machine.
  const patient = { MYSQL_STATEMENT_MS: '5000', MYSQL_POOL: '6' };
  const own = (port: number) => ({ ...patient, ...settings, METRICS_PORT: String(port) });
  const ready = ports.map(followReadiness);
  const provider = await startTestProvider(t, servers, own(atProvider));
  await startTestWorker(t, servers, own(atWorker));
  const url = await startTestConsumer(t, servers, [provider], own(atConsumer));
  return { url, ports, ready: await Promise.all(ready) };
}

const countRows = async () => {
  const [rows] = (await mysql.raw(
    'SELECT (SELECT COUNT(*) FROM stock_order) + (SELECT COUNT(*) FROM order_event) + (SELECT COUNT(*) FROM payment) AS rows_left, (SELECT COUNT(*) FROM stock) AS stocks',
  )) as [{ rows_left: number; stocks: number }[]];
  return rows[0];
};

t.test('each process is ready only after its warm-up, which leaves nothing behind', async (t) => {
  const before = await countRows();
  const { ports, ready } = await startAll(t, { WARM_UP: 'on' });
  for (const answers of ready) {
    for (const { status, warmUp } of answers) {
      if (status === 200) t.notMatch(warmUp, /waiting|running/);
    }
    t.ok((answers.at(-1)?.seconds ?? 0) > 0);
  }
  t.same(await countRows(), before);

  for (const topic of [topics.names.orders, topics.names.ordersDead, topics.names.orderEvents]) {
    const ends = [...(await readLogEnds(topics.target, topic)).values()].map(({ end }) => end);
    t.ok(
      ends.every((end) => end === 0n),
      topic,
    );
  }
  const appended = [...(await readLogEnds(topics.target, topics.names.warmUp)).values()];
  t.ok(
    appended.some(({ end }) => end > 0n),
    'Kafka was warmed up',
  );

  const counted = [
    ...[
      'http_server_request_duration_seconds_count',
      'rpc_server_duration_seconds_count',
      'flashsale_order_answer_seconds_count',
    ],
    ...['flashsale_decisions_total', 'flashsale_decisions_known_total', 'flashsale_batch_items_count'],
  ];
  for (const port of ports) {
    const metrics = await readMetrics(port);
    for (const name of counted) t.equal(sumOf(metrics, name), 0, name);
    t.ok(sumOf(metrics, 'flashsale_warm_up_seconds') > 0);
    t.ok(sumOf(metrics, 'flashsale_warm_up_age_seconds') > 0);
  }

  const redis = await createTestRedisClient(t, redisUrl);
  const keys = await redis.keys('*');
  for (const key of keys) {
    t.match(key, /\{stock:(warm-up|0)\}/, 'no key of a stock or buyer');
    t.ok((await redis.pTTL(key)) !== -1, `${key} expires`);
  }
});

t.test('WARM_UP=off starts without it', async (t) => {
  const { ports, ready } = await startAll(t, { WARM_UP: 'off' });
  for (const answers of ready) t.match(answers.at(-1), { status: 200, warmUp: 'off', seconds: 0 });
  t.equal(sumOf(await readMetrics(ports[0] ?? 0), 'flashsale_warm_up_seconds'), 0);
});

t.test('without Kafka and Redis a provider and a consumer are warmed up nevertheless', async (t) => {
  const [atConsumer = 0, atProvider = 0] = await findFreePorts(2);
  const ready = [atConsumer, atProvider].map(followReadiness);
  const away = { WARM_UP: 'on', REDIS_URL: 'redis://127.0.0.1:1', KAFKA_BROKERS: '127.0.0.1:1' };
  const provider = await startTestProvider(t, servers, { ...away, METRICS_PORT: String(atProvider) });
  await startTestConsumer(t, servers, [provider], { ...away, METRICS_PORT: String(atConsumer) });
  for (const answers of await Promise.all(ready)) t.match(answers.at(-1), { status: 200, warmUp: 'done' });
});
