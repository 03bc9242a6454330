import { statSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { readConfig as readConsumerConfig } from '../../../consumer/config.ts';
import { readConfig as readRunnerConfig } from '../../measure/experiments/config.ts';
import { readConfig } from '../config.ts';
import { planExperiments, planPorts, planProcesses, processEnvironment, readOrMakeSecrets } from './plan-system.ts';

const addresses = {
  mysqlUrl: 'mysql://u@127.0.0.1:1/d',
  redisUrl: 'redis://127.0.0.1:1',
  redisUrls: { provider: 'redis://flashsale-provider:x@127.0.0.1:1' },
  kafkaBrokers: '127.0.0.1:1',
};

t.test('secrets are created once, readable for their owner only, and strong enough for production', async (t) => {
  const dir = t.testdir();
  const made = readOrMakeSecrets(dir, {});
  t.same(readOrMakeSecrets(dir, {}), made);
  t.equal(statSync(path.join(dir, 'jwt-secret')).mode & 0o777, 0o600);
  t.match(made, { ORDER_NO_KEY: /^[0-9a-f]{64}$/, JWT_SECRET: /^[0-9a-f]{64}$/, WEBHOOK_SECRET: /^whsec_.{44}$/ });
  t.equal(new Set(Object.values(made)).size, Object.keys(made).length, 'all different');
});

t.test('secrets of the environment are used unchanged', async (t) => {
  const secrets = readOrMakeSecrets(t.testdir(), { ORDER_NO_KEY: 'mine' });
  t.equal(secrets.ORDER_NO_KEY, 'mine');
  t.equal(readOrMakeSecrets(t.testdir(), { JWKS_URL: 'https://id.example/keys' }).JWT_SECRET, '');
});

t.test('a consumer can start with the settings from npm start', async (t) => {
  const config = readConfig({});
  const servers = addresses;
  const secrets = readOrMakeSecrets(t.testdir(), config);
  const [consumer] = planProcesses(config, 1);
  if (!consumer) return t.fail('no consumer');
  const env = processEnvironment(consumer, { servers, providers: ['127.0.0.1:50051'], secrets, config });
  t.match(readConsumerConfig(env), { DEMO: 'on', LADDER: 'on', JWT_SECRET: secrets.JWT_SECRET });
});

t.test('each process gets only its own secrets, and no second value from a file', async (t) => {
  const config = readConfig({ PROVIDER_TOKEN: 'n4Vx8Kc2Pw6Zr1Tm5Yb9Qd3Jf7Lh0Gs4' });
  const servers = addresses;
  const secrets = readOrMakeSecrets(t.testdir(), config);
  const names = ['ORDER_NO_KEY', 'JWT_SECRET', 'WEBHOOK_SECRET', 'PROVIDER_TOKEN'];
  const own: Record<string, string[]> = {
    consumer: names,
    provider: ['PROVIDER_TOKEN'],
    'order-worker': ['ORDER_NO_KEY', 'WEBHOOK_SECRET'],
    experiments: ['PROVIDER_TOKEN'],
  };
  for (const app of [...planProcesses(config, 1), planExperiments(config, 1)]) {
    const env = processEnvironment(app, { servers, providers: ['127.0.0.1:50051'], secrets, config });
    const { redisUrl, redisUrls } = servers;
    t.equal(env.REDIS_URL, app.kind === 'provider' ? redisUrls.provider : redisUrl);
    t.same(
      names.filter((name) => env[name] !== undefined),
      own[app.kind],
      app.kind,
    );
    for (const name of names) t.ok(name in env && `${name}_FILE` in env && env[`${name}_FILE`] === undefined, name);
  }
});

t.test('the process that runs experiments can start, on its own port', async (t) => {
  const config = readConfig({ NGINX_PORT: '8081' });
  const servers = addresses;
  const secrets = readOrMakeSecrets(t.testdir(), config);
  const app = planExperiments(config, 2);
  const env = processEnvironment(app, { servers, providers: ['127.0.0.1:50051'], secrets, config });
  t.match(readRunnerConfig(env), { SYSTEM_URL: 'http://127.0.0.1:8081', PROVIDERS: '127.0.0.1:50051' });
  const ports = planPorts(config, [...planProcesses(config, 2), app]).map(({ port }) => port);
  t.equal(new Set(ports).size, ports.length);
});
