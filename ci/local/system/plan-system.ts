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
  /** The port it serves; undefined if no process calls it. */
  port: number | undefined;
};

/** N processes of each kind with their ports. */
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

/** The process that runs experiments; its port follows those of the other processes. */
export function planExperiments(config: Config, count: number): AppProcess {
  return { name: 'experiments', kind: 'experiments', metricsPort: config.METRICS_PORT + 3 * count, port: undefined };
}

/** All ports that a start listens on. External servers need none. */
export function planPorts(config: Config, processes: AppProcess[]): PlannedPort[] {
  const servers = [
    { external: config.MYSQL_URL, port: config.MYSQL_PORT, what: 'MariaDB', variable: 'MYSQL_PORT' },
    { external: config.REDIS_URL, port: config.REDIS_PORT, what: 'Redis', variable: 'REDIS_PORT' },
    { external: config.KAFKA_BROKERS, port: config.KAFKA_PORT, what: 'Kafka', variable: 'KAFKA_PORT' },
    {
      external: config.KAFKA_BROKERS,
      port: config.KAFKA_CONTROLLER_PORT,
      what: 'the Kafka controller',
      variable: 'KAFKA_CONTROLLER_PORT',
    },
  ].filter(({ external }) => !external);
  const own = processes.flatMap(({ name, kind, port, metricsPort }) => [
    ...(port === undefined ? [] : [{ port, what: name, variable: `${kind.toUpperCase()}_PORT` }]),
    { port: metricsPort, what: `health checks of ${name}`, variable: 'METRICS_PORT' },
  ]);
  return [{ port: config.NGINX_PORT, what: 'nginx', variable: 'NGINX_PORT' }, ...servers, ...own];
}

/** Host names of this machine for a browser. With DEMO=on every page that can send requests gets the role admin. */
const OWN_NAMES = 'localhost,127.0.0.1,[::1]';

type ProcessContext = { servers: ProcessAddresses; providers: string[]; secrets: Secrets; config: Config };

/** The settings of a process, in addition to the environment of the user. */
export function processEnvironment(app: AppProcess, context: ProcessContext): NodeJS.ProcessEnv {
  const own = ownEnvironment(app, context);
  // A NAME_FILE in the environment of the user would be a second value.
  return { ...Object.fromEntries(Object.keys(own).map((name) => [`${name}_FILE`, undefined])), ...own };
}

function ownEnvironment(app: AppProcess, context: ProcessContext): NodeJS.ProcessEnv {
  const { servers, providers, secrets, config } = context;
  const common = {
    NODE_ENV: config.NODE_ENV,
    PROCESS_NAME: app.name,
    METRICS_PORT: String(app.metricsPort),
    METRICS_HOST: '127.0.0.1',
    REDIS_URL: servers.redisUrls[app.kind] ?? servers.redisUrl,
    REDIS_PREFIX: config.REDIS_PREFIX,
    // The processes must not get these from the environment of npm start.
    MYSQL_ADMIN_URL: undefined,
    MYSQL_PURGE_URL: undefined,
    REDIS_ADMIN_URL: undefined,
    ...Object.fromEntries([...SECRET_NAMES, ...STRIPE_SECRETS, 'PROVIDER_TOKEN'].map((name) => [name, undefined])),
  };
  const { PROVIDER_TOKEN, GATEWAY, GATEWAY_URL, STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET } = config;
  const { ORDER_DETAILS } = config;
  const webhooks = { WEBHOOK_KEY: secrets.WEBHOOK_KEY, WEBHOOK_ADDRESSES: config.WEBHOOK_ADDRESSES };
  const log = { MYSQL_URL: servers.mysqlUrl, KAFKA_BROKERS: servers.kafkaBrokers, TOPIC_PREFIX: config.TOPIC_PREFIX };
  switch (app.kind) {
    case 'consumer':
      return {
        ...common,
        ORDER_NO_KEY: secrets.ORDER_NO_KEY,
        DECISION_KEY: secrets.DECISION_KEY,
        ADMISSION_KEY: secrets.ADMISSION_KEY,
        JWT_SECRET: secrets.JWT_SECRET,
        WEBHOOK_SECRET: secrets.WEBHOOK_SECRET,
        PROVIDER_TOKEN,
        GATEWAY,
        GATEWAY_URL,
        STRIPE_SECRET_KEY,
        STRIPE_WEBHOOK_SECRET,
        ORDER_DETAILS,
        DEMO: config.DEMO,
        LADDER: config.LADDER,
        ALLOWED_HOSTS: config.ALLOWED_HOSTS || (config.DEMO === 'on' ? OWN_NAMES : ''),
        CONSUMER_PORT: String(app.port),
        CONSUMER_HOST: '127.0.0.1',
        PROVIDERS: providers.join(','),
      };
    case 'provider':
      return {
        ...common,
        ...log,
        PROVIDER_TOKEN,
        ORDER_RECORD_KEY: secrets.ORDER_RECORD_KEY,
        ...webhooks,
        DRAWS: config.DRAWS,
        DRAW_KEY: secrets.DRAW_KEY,
        ORDER_DETAILS,
        MAX_PER_ORDER: String(config.MAX_PER_ORDER),
        PROVIDER_PORT: String(app.port),
        PROVIDER_HOST: '127.0.0.1',
      };
    case 'order-worker':
      return {
        ...common,
        ...log,
        GATEWAY,
        ORDER_RECORD_KEY: secrets.ORDER_RECORD_KEY,
        DECISION_KEY: secrets.DECISION_KEY,
        ORDER_NO_KEY: secrets.ORDER_NO_KEY,
        DRAW_KEY: secrets.DRAW_KEY,
        WEBHOOK_SECRET: secrets.WEBHOOK_SECRET,
        ...webhooks,
        GATEWAY_URL: GATEWAY_URL || `http://127.0.0.1:${config.NGINX_PORT}/sandbox-gateway`,
        STRIPE_SECRET_KEY,
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
      return app.kind satisfies never;
  }
}

/** Secrets of Stripe. */
const STRIPE_SECRETS = ['STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET'];

/** Secrets that `npm start` creates unless the environment sets them. */
export const SECRET_NAMES = [
  'ORDER_NO_KEY',
  'ORDER_RECORD_KEY',
  'DECISION_KEY',
  'ADMISSION_KEY',
  'JWT_SECRET',
  'WEBHOOK_SECRET',
  'WEBHOOK_KEY',
  'DRAW_KEY',
] as const;
export type Secrets = Record<(typeof SECRET_NAMES)[number], string>;

/** The same secrets at each start, so that earlier order numbers and tokens stay valid. With JWKS_URL there is no JWT_SECRET. */
export function readOrMakeSecrets(dir: string, given: Partial<Secrets> & { JWKS_URL?: string }): Secrets {
  const entries = SECRET_NAMES.map((name) => {
    if (name === 'JWT_SECRET' && given.JWKS_URL) return [name, ''];
    // The prefix follows Standard Webhooks. All secrets have 32 random bytes.
    const make = () => (name === 'WEBHOOK_SECRET' ? `whsec_${random('base64')}` : random('hex'));
    return [name, given[name] || keepSecret(path.join(dir, name.toLowerCase().replaceAll('_', '-')), make)];
  });
  return Object.fromEntries(entries);
}

function random(encoding: 'hex' | 'base64'): string {
  return randomBytes(32).toString(encoding);
}
