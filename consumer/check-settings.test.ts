import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { testSecrets } from '../ci/testing/make-token.ts';
import { weakSecret } from '../proto/weak-secret.ts';
import { readConfig as readProviderConfig } from '../provider/config.ts';
import { readConfig } from './config.ts';

const env = { REDIS_URL: 'redis://127.0.0.1:1', ...testSecrets };
const WEBHOOK_SECRET = `whsec_${Buffer.from('Kq8#vL2!mZ7@pX4$wN9%tB3^').toString('base64')}`;
const production = { ...env, NODE_ENV: 'production', GATEWAY: 'off', WEBHOOK_SECRET };
const JWKS_URL = 'https://id.example/keys.json';

t.test('tokens are checked in exactly one way', async (t) => {
  t.doesNotThrow(() => readConfig(env));
  t.doesNotThrow(() => readConfig({ ...env, JWT_SECRET: '', JWKS_URL }));
  t.throws(() => readConfig({ ...env, JWT_SECRET: '' }), /one of JWT_SECRET and JWKS_URL is needed/);
  t.throws(() => readConfig({ ...env, JWKS_URL }), /JWT_SECRET or JWKS_URL, not both/);
  t.throws(() => readConfig({ ...env, JWT_SECRET: 'short' }), /JWT_SECRET has fewer than 32 characters/);
  t.throws(() => readConfig({ ...env, JWT_SECRET: '', JWKS_URL: 'id.example' }), /JWKS_URL/);
  t.throws(() => readConfig({ ...env, JWT_SECRET: '', JWKS_URL, DEMO: 'on' }), /DEMO=on .* needs JWT_SECRET/);
  t.throws(() => readConfig({ ...env, ORDER_NO_KEY: 'short' }), /ORDER_NO_KEY/);
  t.throws(() => readConfig({ ...env, CORS_ORIGINS: '*' }), /CORS_ORIGINS/);
});

t.test('production refuses demo tokens and weak secrets, and takes the ladder', async (t) => {
  t.doesNotThrow(() => readConfig(production));
  t.doesNotThrow(() => readConfig({ ...production, LADDER: 'on' }));
  t.throws(() => readConfig({ ...production, DEMO: 'on' }), /DEMO=on/);
  t.throws(() => readConfig({ ...production, JWT_SECRET: 'a'.repeat(40) }), /JWT_SECRET repeats/);
  t.throws(() => readConfig({ ...production, ORDER_NO_KEY: 'abc4567890'.repeat(4) }), /ORDER_NO_KEY repeats/);
  t.throws(() => readConfig({ ...production, PROVIDER_TOKEN: 'short' }), /PROVIDER_TOKEN has fewer/);
  t.doesNotThrow(() => readConfig({ ...env, DEMO: 'on', JWT_SECRET: 'a'.repeat(40) }), 'elsewhere they are taken');
  const provider = { REDIS_URL: 'redis://x', MYSQL_URL: 'mysql://x/y', KAFKA_BROKERS: 'x:1', PROVIDER_TOKEN: 'short' };
  t.doesNotThrow(() => readProviderConfig(provider));
  t.throws(() => readProviderConfig({ ...provider, NODE_ENV: 'production' }), /PROVIDER_TOKEN has fewer/);
});

t.test('a secret is weak when it can be guessed', async (t) => {
  const weak = [
    'short',
    'x'.repeat(64),
    'abcabcabcabcabcabcabcabcabcabcabcabc',
    'please-changeme-please-changeme-1234',
    'your-256-bit-secret-goes-right-here!',
  ];
  for (const secret of weak) t.type(weakSecret(secret), 'string', secret);
  for (const secret of Object.values(testSecrets)) t.equal(weakSecret(secret), null);
});

t.test('settings that do not fit end the process with one line and code 2', async (t) => {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { ...env, JWT_SECRET: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (part) => {
    said += part;
  });
  const [code] = await once(child, 'close');
  t.equal(code, 2);
  t.match(said, /^consumer: settings: one of JWT_SECRET and JWKS_URL is needed\n$/);
});
