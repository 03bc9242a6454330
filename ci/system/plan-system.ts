import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config.ts';
import type { PlannedPort } from './check-ports.ts';
import type { ServerAddresses } from './start-servers.ts';

export type AppProcess = {
  name: string;
  kind: 'consumer' | 'provider' | 'order-worker';
  metricsPort: number;
  /** The port it serves on; an order-worker has none. */
  port: number | undefined;
};

/** N of each kind, each with ports of its own. */
export function planProcesses(config: Config, count: number): AppProcess[] {
  const kinds = [
    { kind: 'consumer', firstPort: config.CONSUMER_PORT },
    { kind: 'provider', firstPort: config.PROVIDER_PORT },
    { kind: 'order-worker', firstPort: undefined },
  ] as const;
  return kinds.flatMap(({ kind, firstPort }, row) =>
    Array.from({ length: count }, (_, index) => ({
      name: `${kind}-${index + 1}`,
      kind,
      metricsPort: config.METRICS_PORT + row * count + index,
      port: firstPort === undefined ? undefined : firstPort + index,
    })),
  );
}

/** Every port that a start will listen on. Servers that run already elsewhere need none. */
export function planPorts(config: Config, processes: AppProcess[]): PlannedPort[] {
  const servers = [
    { external: config.MYSQL_URL, port: config.MYSQL_PORT, what: 'MariaDB', variable: 'MYSQL_PORT' },
    { external: config.REDIS_URL, port: config.REDIS_PORT, what: 'Redis', variable: 'REDIS_PORT' },
    { external: config.KAFKA_BROKERS, port: config.KAFKA_PORT, what: 'Kafka', variable: 'KAFKA_PORT' },
    {
      external: config.KAFKA_BROKERS,
      port: config.KAFKA_CONTROLLER_PORT,
      what: 'Kafka’s controller',
      variable: 'KAFKA_CONTROLLER_PORT',
    },
  ].filter(({ external }) => !external);
  const own = processes.flatMap(({ name, kind, port, metricsPort }) => [
    ...(port === undefined ? [] : [{ port, what: name, variable: `${kind.toUpperCase()}_PORT` }]),
    { port: metricsPort, what: `${name}’s health`, variable: 'METRICS_PORT' },
  ]);
  return [{ port: config.NGINX_PORT, what: 'nginx', variable: 'NGINX_PORT' }, ...servers, ...own];
}

/** What the process reads as its settings, beside what the user's environment says. */
export function processEnvironment(
  one: AppProcess,
  context: { servers: ServerAddresses; providers: string[]; orderNoKey: string; config: Config },
): NodeJS.ProcessEnv {
  const { servers, providers, orderNoKey, config } = context;
  const common = {
    PROCESS_NAME: one.name,
    METRICS_PORT: String(one.metricsPort),
    METRICS_HOST: '127.0.0.1',
    REDIS_URL: servers.redisUrl,
    ORDER_NO_KEY: orderNoKey,
  };
  const log = { MYSQL_URL: servers.mysqlUrl, KAFKA_BROKERS: servers.kafkaBrokers, TOPIC_PREFIX: config.TOPIC_PREFIX };
  switch (one.kind) {
    case 'consumer':
      return {
        ...common,
        CONSUMER_PORT: String(one.port),
        CONSUMER_HOST: '127.0.0.1',
        PROVIDERS: providers.join(','),
        LADDER: config.LADDER,
      };
    case 'provider':
      return { ...common, ...log, PROVIDER_PORT: String(one.port), PROVIDER_HOST: '127.0.0.1' };
    case 'order-worker':
      return { ...common, ...log };
    default:
      return one.kind satisfies never;
  }
}

/** The same at each start, or numbers handed out before would be unknown. */
export function readOrMakeOrderNoKey(dir: string): string {
  const file = path.join(dir, 'order-no-key');
  if (!existsSync(file)) {
    mkdirSync(dir, { recursive: true });
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600 });
  }
  return readFileSync(file, 'utf8').trim();
}
