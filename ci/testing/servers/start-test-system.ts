import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { startApp } from '../../../consumer/app.ts';
import { readConfig as readConsumerConfig } from '../../../consumer/config.ts';
import type { RedisKind } from '../../../db/redis/redis-users.ts';
import { readConfig as readWorkerConfig } from '../../../order-worker/config.ts';
import { consumeOrders } from '../../../order-worker/consume-orders.ts';
import { readConfig as readProviderConfig } from '../../../provider/config.ts';
import { startServer } from '../../../provider/server.ts';
import { testEnvironment, testSecrets } from '../clients/create-token.ts';
import { silentLogger } from '../silent-logger.ts';
import type { TestServers } from './create-test-servers.ts';
import { asKind } from './test-redis.ts';

// Parts of the system in the process of the test, closed with the test. `settings` override the settings here.

type Settings = Record<string, string>;

/** A unique name: names are parts of channels, which all databases of a Redis server share. */
export const randomName = (kind: string) => `${kind}-${randomBytes(6).toString('hex')}`;

function serverSettings(kind: RedisKind, { mysqlUrl, redisUrl, topics }: TestServers): Settings {
  const REDIS_URL = asKind(kind, redisUrl);
  const { brokers, prefix } = topics;
  return { ...testEnvironment, MYSQL_URL: mysqlUrl, REDIS_URL, KAFKA_BROKERS: brokers, TOPIC_PREFIX: prefix };
}

/** Resolves with its port. */
export async function startTestProvider(t: Test, servers: TestServers, settings: Settings = {}): Promise<number> {
  const config = readProviderConfig({ ...serverSettings('provider', servers), PROVIDER_PORT: '0', ...settings });
  const provider = await startServer(config, settings.PROCESS_NAME ?? randomName('provider'), silentLogger);
  t.teardown(() => provider.close());
  return provider.port;
}

export type TestWorker = { close(): Promise<void> };

export async function startTestWorker(
  t: Test,
  servers: TestServers,
  settings: Settings = {},
  logger = silentLogger,
): Promise<TestWorker> {
  const { ORDER_NO_KEY } = testSecrets;
  const config = readWorkerConfig({ ...serverSettings('order-worker', servers), ORDER_NO_KEY, ...settings });
  const worker = await consumeOrders(config, randomName('order-worker'), logger);
  let closing: Promise<void> | undefined;
  const close = () => {
    closing ??= worker.close();
    return closing;
  };
  t.teardown(close);
  return { close };
}

/** Resolves with its URL, without a slash at the end. */
export async function startTestConsumer(
  t: Test,
  { redisUrl }: Pick<TestServers, 'redisUrl'>,
  providerPorts: number[],
  settings: Settings = {},
): Promise<string> {
  const PROVIDERS = providerPorts.map((port) => `127.0.0.1:${port}`).join(',');
  // Providers that are waited for less long than by default must be said to be quicker.
  const quick = settings.CALL_DEADLINE_MS === undefined ? {} : { APPEND_DEADLINE_MS: '50', DIRECT_DEADLINE_MS: '50' };
  // Beside other tests the event loop is late now and then, and callers would be refused.
  const calm = { EVENT_LOOP_DELAY_MS: '0' };
  const standard = { CONSUMER_PORT: '0', PROVIDERS, REDIS_URL: asKind('consumer', redisUrl), LADDER: 'on' };
  const config = readConsumerConfig({
    ...testEnvironment,
    ...testSecrets,
    ...standard,
    ...calm,
    ...quick,
    ...settings,
  });
  const { app, close } = await startApp(config, settings.PROCESS_NAME ?? randomName('consumer'), silentLogger);
  t.teardown(close);
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}
