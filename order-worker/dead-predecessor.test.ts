import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import t from 'tap';
import { waitUntil } from '../ci/command/wait-until.ts';
import { findFreePorts } from '../ci/local/ports/find-free-ports.ts';
import { root } from '../ci/local/set-up/set-up.mjs';
import { testEnvironment } from '../ci/testing/clients/create-token.ts';
import { createTestServers } from '../ci/testing/servers/create-test-servers.ts';

/** Below Kafka's session time-out of 15 s. A start takes about a second. */
const READY_WITHIN_MS = 11_000;

const servers = await createTestServers(t);
const [port = 0] = await findFreePorts(1);

function start(): ChildProcess {
  const child = spawn(process.execPath, [path.join(root, 'order-worker', 'main.ts')], {
    stdio: 'ignore',
    env: {
      ...process.env,
      MYSQL_URL: servers.mysqlUrl,
      REDIS_URL: servers.redisUrl,
      ...testEnvironment,
      LOG_LEVEL: 'silent',
      KAFKA_BROKERS: servers.topics.brokers,
      TOPIC_PREFIX: servers.topics.prefix,
      PROCESS_NAME: 'order-worker-1',
      METRICS_PORT: String(port),
      METRICS_HOST: '127.0.0.1',
    },
  });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

/** A worker is ready when it has partitions. */
async function waitUntilReady(): Promise<void> {
  await waitUntil(
    'the worker to be ready',
    async () => {
      const response = await fetch(`http://127.0.0.1:${port}/readyz`);
      if (!response.ok) throw new Error(await response.text());
    },
    { limitMs: 30_000 },
  );
}

t.test('without a supervisor, a worker removes its dead predecessor before it joins', async (t) => {
  const first = start();
  await waitUntilReady();
  first.kill('SIGKILL');
  await once(first, 'exit');
  const startedMs = performance.now();
  const second = start();
  await waitUntilReady();
  const tookMs = performance.now() - startedMs;
  t.ok(tookMs < READY_WITHIN_MS, `${Math.round(tookMs)} ms`);
  second.kill('SIGTERM');
  await once(second, 'exit');
});
