import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { testEnvironment, testSecrets } from '../../ci/testing/clients/create-token.ts';
import { weakSecret } from '../../proto/settings/weak-secret.ts';
import { readConfig as readProviderConfig } from '../../provider/config.ts';
import { readConfig } from '../config.ts';

const { ORDER_RECORD_KEY, DECISION_KEY } = testEnvironment;
const env = { NODE_ENV: 'test', REDIS_URL: 'redis://127.0.0.1:1', DECISION_KEY, ...testSecrets };
const WEBHOOK_SECRET = `whsec_${Buffer.from('Kq8#vL2!mZ7@pX4$wN9%tB3^').toString('base64')}`;
const PROVIDER_TOKEN = 'b7Jd2HfNs9PcGaE4kq3rM8vXz5Lw0TtY';
const PUBLIC_URL = 'https://sale.example';
const production = { ...env, NODE_ENV: 'production', PUBLIC_URL, PROVIDER_TOKEN, WEBHOOK_SECRET };
const JWKS_URL = 'https://id.example/keys.json';

t.test('an order waits for the risk service only if there is one', async (t) => {
  t.doesNotThrow(() => readConfig({ ...env, ORDER_WAIT_MS: '3600' }));
  const RISK_URL = 'http://risk.internal:8080/score';
  t.doesNotThrow(() => readConfig({ ...env, RISK_URL }));
  t.throws(() => readConfig({ ...env, RISK_URL, ORDER_WAIT_MS: '3600' }), /RISK_DEADLINE_MS \(300\) .* = 5250 ms/);
  t.throws(() => readConfig({ ...env, RISK_URL: 'risk.internal' }), /RISK_URL/);
});

t.test('either JWT_SECRET or JWKS_URL is set', async (t) => {
  t.doesNotThrow(() => readConfig(env));
  t.doesNotThrow(() => readConfig({ ...env, JWT_SECRET: '', JWKS_URL }));
  t.throws(() => readConfig({ ...env, JWT_SECRET: '' }), /one of JWT_SECRET and JWKS_URL is required/);
  t.throws(() => readConfig({ ...env, JWKS_URL }), /JWT_SECRET or JWKS_URL, not both/);
  t.throws(() => readConfig({ ...env, JWT_SECRET: 'short' }), /JWT_SECRET has fewer than 32 characters/);
  t.throws(() => readConfig({ ...env, JWT_SECRET: '', JWKS_URL: 'id.example' }), /JWKS_URL/);
  t.throws(() => readConfig({ ...env, JWT_SECRET: '', JWKS_URL, DEMO: 'on' }), /DEMO=on .* needs JWT_SECRET/);
  t.throws(() => readConfig({ ...env, ORDER_NO_KEY: 'short' }), /ORDER_NO_KEY/);
  t.throws(() => readConfig({ ...env, CORS_ORIGINS: '*' }), /CORS_ORIGINS/);
});

t.test('roles of an identity provider are named one by one', async (t) => {
  const keycloak = { ...env, ROLES_CLAIM: '/realm_access/roles' };
  t.doesNotThrow(() => readConfig({ ...keycloak, ROLE_NAMES: 'sale-admin=admin, office = operator' }));
  t.doesNotThrow(() => readConfig({ ...env, ROLE_NAMES: 'a=b=finance' }), 'a name may contain =');
  t.throws(() => readConfig(keycloak), /ROLE_NAMES is required when ROLES_CLAIM is not roles/);
  t.throws(() => readConfig({ ...keycloak, ROLE_NAMES: 'admin' }), /'admin', which is not name=role/);
  t.throws(() => readConfig({ ...keycloak, ROLE_NAMES: '=admin' }), /'=admin', which is not name=role/);
  t.throws(() => readConfig({ ...keycloak, ROLE_NAMES: 'a=admin,' }), /'', which is not name=role/);
  t.throws(() => readConfig({ ...keycloak, ROLE_NAMES: 'a=root' }), /the role 'root'; the roles are admin, viewer/);
  t.throws(() => readConfig({ ...env, BUYER_CLAIM: '/a~2' }), /BUYER_CLAIM/);
  t.throws(() => readConfig({ ...env, DEMO: 'on', BUYER_CLAIM: 'email' }), /DEMO=on .* needs the defaults/);
});

t.test('NODE_ENV defaults to production, and unknown names are refused', async (t) => {
  const without = { ...production, NODE_ENV: undefined };
  t.match(readConfig(without), { NODE_ENV: 'production', GATEWAY: 'off', DEMO: 'off', LADDER: 'off' });
  t.throws(() => readConfig({ ...without, DEMO: 'on' }), /DEMO=on/);
  t.throws(() => readConfig({ ...without, GATEWAY: 'sandbox' }), /GATEWAY=sandbox/);
  t.match(readConfig({ ...production, NODE_ENV: '' }), { NODE_ENV: 'production' });
  for (const NODE_ENV of ['prod', 'Production', 'staging']) {
    t.throws(() => readConfig({ ...production, NODE_ENV }), /NODE_ENV/, NODE_ENV);
  }
});

t.test('production refuses demo tokens, the ladder, and weak or missing secrets', async (t) => {
  t.doesNotThrow(() => readConfig(production));
  t.throws(() => readConfig({ ...production, LADDER: 'on' }), /LADDER=on/);
  t.throws(() => readConfig({ ...production, GATEWAY: 'sandbox' }), /GATEWAY=sandbox/);
  t.throws(() => readConfig({ ...production, PUBLIC_URL: '' }), /PUBLIC_URL is required/);
  t.throws(() => readConfig({ ...production, PROVIDER_TOKEN: '' }), /PROVIDER_TOKEN is required/);
  t.throws(() => readConfig({ ...production, WEBHOOK_SECRET: '' }), /WEBHOOK_SECRET is required/);
  const known = readConfig(env).WEBHOOK_SECRET;
  t.throws(() => readConfig({ ...production, WEBHOOK_SECRET: known }), /WEBHOOK_SECRET is the known default/);
  t.throws(() => readConfig({ ...production, DEMO: 'on' }), /DEMO=on/);
  t.throws(() => readConfig({ ...production, JWT_SECRET: 'a'.repeat(40) }), /JWT_SECRET repeats/);
  t.throws(() => readConfig({ ...production, ORDER_NO_KEY: 'abc4567890'.repeat(4) }), /ORDER_NO_KEY repeats/);
  t.throws(() => readConfig({ ...production, PROVIDER_TOKEN: 'short' }), /PROVIDER_TOKEN has fewer/);
  t.doesNotThrow(
    () => readConfig({ ...env, DEMO: 'on', JWT_SECRET: 'a'.repeat(40) }),
    'other environments accept weak secrets',
  );
  const provider = {
    REDIS_URL: 'redis://x',
    MYSQL_URL: 'mysql://x/y',
    KAFKA_BROKERS: 'x:1',
    PROVIDER_TOKEN,
    ORDER_RECORD_KEY,
  };
  t.doesNotThrow(() => readProviderConfig(provider));
  t.throws(() => readProviderConfig({ ...provider, PROVIDER_TOKEN: '' }), /PROVIDER_TOKEN is required/);
  t.throws(() => readProviderConfig({ ...provider, PROVIDER_TOKEN: 'short' }), /PROVIDER_TOKEN has fewer/);
  t.doesNotThrow(() => readProviderConfig({ ...provider, NODE_ENV: 'development', PROVIDER_TOKEN: '' }));
});

t.test('each secret of a list must be strong, and none may occur twice', async (t) => {
  const [first, second] = [testSecrets.JWT_SECRET, testSecrets.ORDER_NO_KEY];
  for (const name of ['JWT_SECRET', 'ORDER_NO_KEY', 'PROVIDER_TOKEN']) {
    t.doesNotThrow(() => readConfig({ ...production, [name]: `${first},${second}` }));
    t.throws(() => readConfig({ ...production, [name]: `${first},${first}` }), {
      message: `settings: ${name} has the same secret twice`,
    });
    t.throws(
      () => readConfig({ ...production, [name]: `${first},short` }),
      new RegExp(`${name}, secret 2 of 2, has fewer than 32`),
    );
    t.throws(
      () => readConfig({ ...production, [name]: `${first},${'x'.repeat(40)}` }),
      new RegExp(`${name}, secret 2 of 2, repeats`),
    );
    const five = ['a', 'b', 'c', 'd', 'e'].map((end) => first + end).join(',');
    t.throws(() => readConfig({ ...production, [name]: five }), new RegExp(`${name} has 5 secrets`));
  }
  const other = `whsec_${Buffer.from('Zr7!nB4@qM9#sX2$tL6%wK1^').toString('base64')}`;
  t.doesNotThrow(() => readConfig({ ...production, WEBHOOK_SECRET: `${other},${WEBHOOK_SECRET}` }));
  const known = readConfig(env).WEBHOOK_SECRET;
  t.throws(() => readConfig({ ...production, WEBHOOK_SECRET: `${other},${known}` }), /is the known default/);
});

t.test('guessable secrets are weak', async (t) => {
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

t.test('invalid settings end the process with one line and exit code 2', async (t) => {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], {
    env: { ...env, JWT_SECRET: '' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (part) => {
    output += part;
  });
  const [code] = await once(child, 'close');
  t.equal(code, 2);
  t.match(output, /^consumer: settings: one of JWT_SECRET and JWKS_URL is required\n$/);
});
