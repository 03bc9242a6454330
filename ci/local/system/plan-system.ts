import { randomBytes } from 'node:crypto';
import path from 'node:path';
import type { Config } from '../config.ts';
import type { PlannedPort } from '../ports/check-ports.ts';
import { keepSecret } from '../servers/keep-secret.ts';
import type { ProcessAddresses } from '../servers/start-servers.ts';

export type AppProcess = {
  name: string;
  kind: 'consumer' | 'provider' | 'order-worker' | 'experiments';
  metricsPort: number;
  /** The port it serves on; none where nobody calls it. */
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

/** The process that runs experiments, once; its port follows those of the others. */
export function planExperiments(config: Config, count: number): AppProcess {
  return { name: 'experiments', kind: 'experiments', metricsPort: config.METRICS_PORT + 3 * count, port: undefined };
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

/** What a browser of this machine calls it. DEMO=on gives the role admin to every page that can ask. */
const OWN_NAMES = 'localhost,127.0.0.1,[::1]';

type ProcessContext = { servers: ProcessAddresses; providers: string[]; secrets: Secrets; config: Config };

/** What the process reads as its settings, beside what the user's environment says. */
export function processEnvironment(one: AppProcess, context: ProcessContext): NodeJS.ProcessEnv {
  const own = ownEnvironment(one, context);
  // What is said here stands: a file of the user's environment would be a second value.
  return { ...Object.fromEntries(Object.keys(own).map((name) => [`${name}_FILE`, undefined])), ...own };
}

function ownEnvironment(one: AppProcess, context: ProcessContext): NodeJS.ProcessEnv {
  const { servers, providers, secrets, config } = context;
  const common = {
    NODE_ENV: config.NODE_ENV,
    PROCESS_NAME: one.name,
    METRICS_PORT: String(one.metricsPort),
    METRICS_HOST: '127.0.0.1',
    REDIS_URL: servers.redisUrls[one.kind] ?? servers.redisUrl,
    REDIS_PREFIX: config.REDIS_PREFIX,
    // Not theirs, whatever the environment of npm start says.
    MYSQL_ADMIN_URL: undefined,
    MYSQL_PURGE_URL: undefined,
    REDIS_ADMIN_URL: undefined,
    ...Object.fromEntries([...SECRET_NAMES, 'PROVIDER_TOKEN'].map((name) => [name, undefined])),
  };
  const { PROVIDER_TOKEN, GATEWAY } = config;
  const log = { MYSQL_URL: servers.mysqlUrl, KAFKA_BROKERS: servers.kafkaBrokers, TOPIC_PREFIX: config.TOPIC_PREFIX };
  switch (one.kind) {
    case 'consumer':
      return {
        ...common,
        ORDER_NO_KEY: secrets.ORDER_NO_KEY,
        DECISION_KEY: secrets.DECISION_KEY,
        JWT_SECRET: secrets.JWT_SECRET,
        WEBHOOK_SECRET: secrets.WEBHOOK_SECRET,
        PROVIDER_TOKEN,
        GATEWAY,
        DEMO: config.DEMO,
        LADDER: config.LADDER,
        ALLOWED_HOSTS: config.ALLOWED_HOSTS || (config.DEMO === 'on' ? OWN_NAMES : ''),
        CONSUMER_PORT: String(one.port),
        CONSUMER_HOST: '127.0.0.1',
        PROVIDERS: providers.join(','),
      };
    case 'provider':
      return {
        ...common,
        ...log,
        PROVIDER_TOKEN,
        ORDER_RECORD_KEY: secrets.ORDER_RECORD_KEY,
        PROVIDER_PORT: String(one.port),
        PROVIDER_HOST: '127.0.0.1',
      };
    case 'order-worker':
      return {
        ...common,
        ...log,
        GATEWAY,
        ORDER_RECORD_KEY: secrets.ORDER_RECORD_KEY,
        DECISION_KEY: secrets.DECISION_KEY,
        WEBHOOK_SECRET: secrets.WEBHOOK_SECRET,
        GATEWAY_URL: `http://127.0.0.1:${config.NGINX_PORT}/sandbox-gateway`,
      };
    case 'experiments':
      return {
        ...common,
        MYSQL_URL: servers.mysqlUrl,
        PROVIDER_TOKEN,
        PROVIDERS: providers.join(','),
        SYSTEM_URL: `http://127.0.0.1:${config.NGINX_PORT}`,
      };
    default:
      return one.kind satisfies never;
  }
}

/** What `npm start` makes once, unless the environment gives it. */
export const SECRET_NAMES = [
  'ORDER_NO_KEY',
  'ORDER_RECORD_KEY',
  'DECISION_KEY',
  'JWT_SECRET',
  'WEBHOOK_SECRET',
] as const;
export type Secrets = Record<(typeof SECRET_NAMES)[number], string>;

/** The same at each start, or numbers and tokens handed out before would be unknown. Tokens may have keys elsewhere. */
export function readOrMakeSecrets(dir: string, given: Partial<Secrets> & { JWKS_URL?: string }): Secrets {
  const entries = SECRET_NAMES.map((name) => {
    if (name === 'JWT_SECRET' && given.JWKS_URL) return [name, ''];
    // A webhook's secret says what it is (Standard Webhooks); 32 random bytes in any case.
    const make = () => (name === 'WEBHOOK_SECRET' ? `whsec_${random('base64')}` : random('hex'));
    return [name, given[name] || keepSecret(path.join(dir, name.toLowerCase().replaceAll('_', '-')), make)];
  });
  return Object.fromEntries(entries);
}

function random(encoding: 'hex' | 'base64'): string {
  return randomBytes(32).toString(encoding);
}
