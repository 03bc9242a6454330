import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseEnv } from 'node:util';
import t from 'tap';
import { parse } from 'yaml';
import { readConfig as readConsumerConfig } from '../../../consumer/config.ts';
import { readConfig as readWorkerConfig } from '../../../order-worker/config.ts';
import { readConfig as readProviderConfig } from '../../../provider/config.ts';
import { fixedInCompose } from '../../generate/compose-settings.ts';
import { isSecret, serviceSettings } from '../../generate/process-settings.ts';
import { readConfig as readStartConfig } from '../../local/config.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { readConfig as readRunnerConfig } from '../../measure/experiments/config.ts';
import { readConfig as readPurgeConfig } from '../purge/config.ts';
import { readConfig as readReconcileConfig } from '../reconcile/config.ts';

type Environment = Record<string, string>;
type Service = {
  extends?: { file: string; service: string };
  environment: Environment;
  depends_on?: Record<string, unknown>;
};

const read = (file: string) => {
  // Compose knows the tags !reset and !override.
  const options = { merge: true, logLevel: 'silent' } as const;
  return (parse(readFileSync(path.join(root, file), 'utf8'), options) as { services: Record<string, Service> })
    .services;
};
const services = read('compose.yaml');

/** The environment of a service as docker compose merges it. */
function environmentOf(name: string): Environment {
  const service = services[name];
  t.match(service?.extends, { service: name }, name);
  const { file = '' } = service?.extends ?? {};
  return { ...read(file)[name]?.environment, ...service?.environment };
}

/** Replaces ${NAME:-default} and ${NAME:?message} as docker compose does. */
function interpolate(text: string, env: NodeJS.ProcessEnv): string {
  const inner = /\$\{(\w+)(?::-([^${}]*)|:\?[^${}]*)?\}/;
  const [found, name = '', otherwise = ''] = inner.exec(text) ?? [];
  return found === undefined ? text : interpolate(text.replace(found, env[name] || otherwise), env);
}

t.test('each service gets every setting of its process, and no other', async (t) => {
  const own = Object.keys(services).filter((name) => services[name]?.extends !== undefined);
  t.same(own.sort(), Object.keys(serviceSettings).sort(), 'every service with the image of the application');
  for (const [service, settings] of Object.entries(serviceSettings)) {
    const environment = environmentOf(service);
    t.same(
      Object.keys(environment).filter((name) => !(name in settings)),
      [],
      `${service}: only settings it reads`,
    );
    for (const name of Object.keys(settings)) {
      const value = String(environment[name] ?? '');
      if (name in fixedInCompose) t.notOk(value.includes('${'), `${service}: ${name} does not depend on .env`);
      else t.ok(value.startsWith(`\${${name}:`), `${service}: ${name} comes from .env`);
    }
  }
});

t.test('the three processes start with what make-env writes and an identity provider', async (t) => {
  const file = path.join(t.testdir({ '.env': 'JWKS_URL=https://id.example/keys\n' }), '.env');
  execFileSync(path.join(root, 'ci/bin/make-env'), [file]);
  const written = parseEnv(readFileSync(file, 'utf8'));
  const env = {
    ...written,
    JWT_ISSUER: 'https://id.example',
    JWT_AUDIENCE: 'sale',
    PUBLIC_URL: 'https://sale.example',
  };
  const valuesOf = (service: string, more: NodeJS.ProcessEnv = {}) =>
    Object.fromEntries(
      Object.entries(environmentOf(service)).map(([name, value]) => [
        name,
        interpolate(String(value), { ...env, ...more }),
      ]),
    );
  t.match(readConsumerConfig(valuesOf('consumer')), {
    NODE_ENV: 'production',
    JWKS_URL: 'https://id.example/keys',
    JWT_SECRET: '',
    JWT_ISSUER: 'https://id.example',
    JWT_AUDIENCE: 'sale',
    DEMO: 'off',
    GATEWAY: 'off',
    METRICS_PORT: 9100,
    BUYER_RATE: 5,
  });
  t.match(readConsumerConfig(valuesOf('consumer', { BUYER_RATE: '7' })), { BUYER_RATE: 7 });
  t.match(readProviderConfig(valuesOf('provider')), { KAFKA_BROKERS: 'kafka:9092', MYSQL_POOL: 20 });
  t.match(readWorkerConfig(valuesOf('order-worker')), { MYSQL_POOL: 8, GATEWAY_URL: /^http:\/\/consumer:3000/ });
  t.match(readRunnerConfig(valuesOf('experiments', { NODE_ENV: 'development' })), { EXPERIMENT_MAX: 300 });
  t.match(readPurgeConfig(undefined, valuesOf('purge')), { MYSQL_PURGE_URL: /^mysql:/, KEEP_REFUSALS_FOR: 30 });
});

t.test('every setting with a secret is marked', async (t) => {
  const names = Object.values(serviceSettings).flatMap((settings) => Object.keys(settings));
  const unmarked = [...new Set(names)].filter((name) => !isSecret(name));
  t.same(
    unmarked.filter((name) => /SECRET|TOKEN|PASS|KEY|CREDENTIAL/.test(name) && !name.endsWith('_FILE')),
    [],
  );
});

t.test('with compose.managed.yaml no store is started or waited for', async (t) => {
  const managed = read('compose.managed.yaml');
  const stores = ['mysql', 'redis', 'kafka'];
  // The tag makes it a text.
  for (const store of stores) t.equal(String(managed[store]), 'null', store);
  for (const [name, settings] of Object.entries(serviceSettings)) {
    const { environment = {}, depends_on = services[name]?.depends_on } = managed[name] ?? {};
    t.same(
      Object.keys(environment).filter((setting) => !(setting in settings)),
      [],
      name,
    );
    t.same(
      Object.keys(depends_on ?? {}).filter((other) => stores.includes(other)),
      [],
      name,
    );
    for (const value of Object.values(environment)) t.match(value, /:\?set it in \.env\}+$/, name);
  }
});

t.test('with compose.tls.yaml every connection is encrypted', async (t) => {
  const dir = t.testdir();
  execFileSync(path.join(root, 'ci/bin/make-certificates'), [dir], { stdio: 'pipe' });
  execFileSync(path.join(root, 'ci/bin/make-env'), ['--demo', path.join(dir, '.env')]);
  const env = parseEnv(readFileSync(path.join(dir, '.env'), 'utf8'));
  const encrypted = read('compose.tls.yaml');
  for (const name of Object.keys(encrypted)) t.ok(existsSync(path.join(dir, name, 'cert.pem')), name);
  const readers: Record<string, (env: Environment) => object> = {
    consumer: readConsumerConfig,
    provider: readProviderConfig,
    'order-worker': readWorkerConfig,
    experiments: readRunnerConfig,
    purge: (environment) => readPurgeConfig(undefined, environment),
    reconcile: readReconcileConfig,
    prepare: readStartConfig,
    audit: readStartConfig,
    replay: readStartConfig,
  };
  for (const [service, settings] of Object.entries(serviceSettings)) {
    const added = encrypted[service]?.environment ?? {};
    t.ok(
      Object.keys(added).every((name) => name in settings),
      service,
    );
    const values = Object.entries({ ...environmentOf(service), ...added }).map(([name, value]) => {
      const text = interpolate(String(value), env);
      return [name, text.replace('/certificates/', path.join(dir, service, '/'))];
    });
    const read = readers[service] as (env: Environment) => object;
    const config = read({ ...Object.fromEntries(values), NODE_ENV: 'development' });
    for (const name of ['MYSQL_TLS', 'KAFKA_TLS', 'GRPC_TLS']) if (name in settings) t.match(config, { [name]: 'on' });
    if ('REDIS_URL' in settings) t.match(config, { REDIS_URL: /^rediss:.*\?ca=.*&cert=.*&key=/ });
  }
});
