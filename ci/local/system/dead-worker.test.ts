import t from 'tap';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import { mintOrderNumber } from '../../../proto/messages/order-number.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { testEnvironment } from '../../testing/clients/create-token.ts';
import { createTestStock } from '../../testing/orders/create-test-stock.ts';
import { encodeTestRecord } from '../../testing/orders/encode-test-record.ts';
import { startRecordAppender } from '../../testing/orders/record-appender.ts';
import { waitForDrain } from '../../testing/orders/wait-for-drain.ts';
import { createTestServers } from '../../testing/servers/create-test-servers.ts';
import { findFreePorts } from '../ports/find-free-ports.ts';
import { startSupervisor } from '../supervisor/start-supervisor.ts';
import { startProcess } from './start-process.ts';

/** The session time of Kafka is 15 s. Without other load the partitions are free after 1.5 s, on a busy machine later. */
const FREE_WITHIN_MS = 10_000;

const servers = await createTestServers(t);
const { mysql, topics } = servers;
const append = await startRecordAppender(t, topics);
const printed: string[] = [];
const supervisor = await startSupervisor(t.testdir(), (line) => printed.push(line));
t.teardown(() => supervisor.stop());
const ports = await findFreePorts(2);
const names = ['order-worker-1', 'order-worker-2'];
const env = {
  MYSQL_URL: servers.mysqlUrl,
  REDIS_URL: servers.redisUrl,
  METRICS_HOST: '127.0.0.1',
  KAFKA_BROKERS: topics.brokers,
  TOPIC_PREFIX: topics.prefix,
  ...testEnvironment,
};
await Promise.all(
  names.map((name, i) => {
    const metricsPort = ports[i] ?? 0;
    const own = { PROCESS_NAME: name, METRICS_PORT: String(metricsPort) };
    return startProcess(supervisor, { name, kind: 'order-worker', metricsPort, port: undefined }, { ...env, ...own });
  }),
);

async function put(sid: number, buyer: string): Promise<void> {
  const value = encodeTestRecord({ orderNo: mintOrderNumber('key', sid, buyer), sid, buyer });
  await append(partitionOf(sid), [{ key: String(sid), value }]);
}

/** The worker that owns the partition, when both workers own partitions. */
async function findOwner(partition: number): Promise<string> {
  return waitUntil(
    'both to own partitions',
    async () => {
      const lags = await Promise.all(
        ports.map(async (port) => {
          const response = await fetch(`http://127.0.0.1:${port}/metrics`);
          return [...(await response.text()).matchAll(/^flashsale_log_lag_records\{partition="(\d+)"\}/gm)];
        }),
      );
      const owner = lags.findIndex((lag) => lag.some(([, label]) => Number(label) === partition));
      if (owner < 0 || lags.some((lag) => lag.length !== 4)) throw new Error(`${lags.map((lag) => lag.length)}`);
      return names[owner] ?? '';
    },
    { limitMs: 30_000 },
  );
}

for (const [what, signal] of [
  ['killed', 'SIGKILL'],
  ['frozen', 'SIGSTOP'],
] as const) {
  t.test(
    `the partitions of a worker that was ${what} go to the other worker long before Kafka ends its session`,
    async (t) => {
      const sid = await createTestStock(mysql, { count: 9 });
      await put(sid, 'ann');
      await waitForDrain(topics);
      const owner = await findOwner(partitionOf(sid));
      process.kill(supervisor.pidOf(owner) ?? 0, signal);
      const startedMs = performance.now();
      await put(sid, 'bob');
      await waitForDrain(topics);
      const tookMs = performance.now() - startedMs;
      t.ok(tookMs < FREE_WITHIN_MS, `${Math.round(tookMs)} ms`);
      t.ok(printed.includes(`· ${owner}: its partitions go to the other workers`));
    },
  );
}
