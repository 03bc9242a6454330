import { execFile } from 'node:child_process';
import path from 'node:path';
import t from 'tap';
import { readConfig as readConsumerConfig } from '../../../consumer/config.ts';
import { readConfig as readWorkerConfig } from '../../../order-worker/config.ts';
import { SettingsError } from '../../../proto/settings/read-settings.ts';
import { readConfig as readProviderConfig } from '../../../provider/config.ts';
import { root } from '../../local/set-up/set-up.mjs';
import { testEnvironment } from '../../testing/clients/create-token.ts';
import { targetSecrets } from '../../testing/servers/target.ts';

// Settings with which no process may start: exit code 2, and one line that names the fault.

type Kind = 'consumer' | 'provider' | 'order-worker';
type Settings = Record<string, string | undefined>;
type Row = [kind: Kind, name: string, settings: Settings, message: RegExp];

const stores = {
  MYSQL_URL: 'mysql://u:s3cret-pw@127.0.0.1:1/d',
  REDIS_URL: 'redis://u:s3cret-pw@127.0.0.1:1',
  KAFKA_BROKERS: '127.0.0.1:1',
};
const good = { ...testEnvironment, ...stores, ...targetSecrets };
const production = { NODE_ENV: undefined, GATEWAY: 'off', PUBLIC_URL: 'https://sale.example' };
const KINDS: Kind[] = ['consumer', 'provider', 'order-worker'];
const PORTS = { consumer: 'CONSUMER_PORT', provider: 'PROVIDER_PORT', 'order-worker': 'METRICS_PORT' } as const;
const REPEATED = 'abc4567890'.repeat(4);
const EXAMPLE = 'your-256-bit-secret-goes-right-here!';

const commonRows = KINDS.flatMap((kind): Row[] => [
  ...['-1', '65536', '1.5', 'http', '0x50', ' '].map(
    (port): Row => [kind, `${PORTS[kind]}=${port}`, { [PORTS[kind]]: port }, /_PORT/],
  ),
  ...['prod', 'Development', ' '].map((name): Row => [kind, `NODE_ENV=${name}`, { NODE_ENV: name }, /NODE_ENV/]),
  [kind, 'LOG_LEVEL=loud', { LOG_LEVEL: 'loud' }, /LOG_LEVEL/],
  [kind, 'a PROCESS_NAME with a blank', { PROCESS_NAME: 'a b' }, /PROCESS_NAME/],
  [kind, 'no REDIS_URL', { REDIS_URL: undefined }, /REDIS_URL/],
  [kind, 'a REDIS_URL with a wrong scheme', { REDIS_URL: 'http://127.0.0.1:1' }, /REDIS_URL/],
  [kind, 'a REDIS_URL without a host', { REDIS_URL: 'redis://' }, /REDIS_URL is not a URL/],
  [kind, 'a REDIS_URL with a bad port', { REDIS_URL: 'redis://:s3cret-pw@h:70000' }, /REDIS_URL is not a URL/],
]);
const storeRows = (['provider', 'order-worker'] as const).flatMap((kind): Row[] => [
  [kind, 'no MYSQL_URL', { MYSQL_URL: undefined }, /MYSQL_URL/],
  [kind, 'a MYSQL_URL with a wrong scheme', { MYSQL_URL: 'postgres://h/d' }, /MYSQL_URL/],
  [kind, 'a MYSQL_URL with a bad port', { MYSQL_URL: 'mysql://u:s3cret-pw@h:70000/d' }, /MYSQL_URL is not a URL/],
  [kind, 'a MYSQL_URL without a database', { MYSQL_URL: 'mysql://u:s3cret-pw@h:1' }, /MYSQL_URL names no database/],
  [kind, 'no KAFKA_BROKERS', { KAFKA_BROKERS: '' }, /KAFKA_BROKERS/],
  [kind, 'KAFKA_BROKERS without a port', { KAFKA_BROKERS: 'a:1,b' }, /KAFKA_BROKERS .*'b'/],
  [kind, 'KAFKA_BROKERS with a bad port', { KAFKA_BROKERS: 'a:99999' }, /KAFKA_BROKERS .*'a:99999'/],
  [kind, 'a TOPIC_PREFIX with a slash', { TOPIC_PREFIX: '../x' }, /TOPIC_PREFIX/],
  [kind, 'PAY_WITHIN=0', { PAY_WITHIN: '0' }, /PAY_WITHIN/],
  [kind, 'MYSQL_POOL=0', { MYSQL_POOL: '0' }, /MYSQL_POOL/],
]);
const rows: Row[] = [
  ...commonRows,
  ...storeRows,
  [
    'consumer',
    'the same port twice',
    { CONSUMER_PORT: '4000', METRICS_PORT: '4000' },
    /CONSUMER_PORT and METRICS_PORT are both 4000/,
  ],
  [
    'provider',
    'the same port twice',
    { PROVIDER_PORT: '4000', METRICS_PORT: '4000' },
    /PROVIDER_PORT and METRICS_PORT are both 4000/,
  ],
  ['consumer', 'PROVIDERS without a port', { PROVIDERS: 'provider' }, /PROVIDERS .*'provider'/],
  ['consumer', 'an invalid TRUST_PROXY', { TRUST_PROXY: '10.0.0.0/33' }, /TRUST_PROXY .*'10.0.0.0\/33'/],
  ['consumer', 'TRUST_PROXY=true', { TRUST_PROXY: 'true' }, /TRUST_PROXY .*'true'/],
  [
    'consumer',
    'a call deadline shorter than what it waits for',
    { CALL_DEADLINE_MS: '2700' },
    /CALL_DEADLINE_MS is 2700 ms and must be longer than .* = 2700 ms/,
  ],
  [
    'consumer',
    'a call deadline shorter than two appends',
    { APPEND_DEADLINE_MS: '800' },
    /CALL_DEADLINE_MS is 2800 ms and must be longer than .* = 2900 ms/,
  ],
  ['consumer', 'a call deadline longer than nginx’s timeout', { CALL_DEADLINE_MS: '5000' }, /CALL_DEADLINE_MS/],
  [
    'consumer',
    'an order wait longer than nginx’s timeout',
    { ORDER_WAIT_MS: '3650' },
    /NGINX_READ is 5000 ms and must be longer than .*ORDER_WAIT_MS \(3650\)/,
  ],
  [
    'provider',
    'appends longer than nginx’s timeout',
    { APPEND_DEADLINE_MS: '2000' },
    /NGINX_READ is 5000 ms and must be longer than .*2 × APPEND_DEADLINE_MS \(2000\)/,
  ],
  ['consumer', 'neither JWT_SECRET nor JWKS_URL', { JWT_SECRET: undefined }, /one of JWT_SECRET and JWKS_URL/],
  ['consumer', 'both JWT_SECRET and JWKS_URL', { JWKS_URL: 'https://id.example/k.json' }, /not both/],
  ['consumer', 'an invalid JWKS_URL', { JWT_SECRET: undefined, JWKS_URL: 'id.example' }, /JWKS_URL/],
  ['consumer', 'a short JWT_SECRET', { JWT_SECRET: 'short' }, /JWT_SECRET has fewer than 32/],
  ['consumer', 'a short ORDER_NO_KEY', { ORDER_NO_KEY: 'short' }, /ORDER_NO_KEY/],
  ['consumer', 'no ORDER_NO_KEY', { ORDER_NO_KEY: undefined }, /ORDER_NO_KEY/],
  [
    'consumer',
    'DEMO without a secret',
    { JWT_SECRET: undefined, JWKS_URL: 'https://id.example/k', DEMO: 'on' },
    /DEMO=on/,
  ],
  ['consumer', 'any origin', { CORS_ORIGINS: '*' }, /CORS_ORIGINS/],
  ['consumer', 'a PUBLIC_URL with a path', { PUBLIC_URL: 'https://sale.example/x' }, /PUBLIC_URL/],
  ['consumer', 'an invalid WEBHOOK_SECRET', { WEBHOOK_SECRET: 'secret' }, /WEBHOOK_SECRET/],
  ['consumer', 'production with DEMO=on', { ...production, DEMO: 'on' }, /DEMO=on/],
  ['consumer', 'production with the sandbox', { ...production, GATEWAY: 'sandbox' }, /GATEWAY=sandbox/],
  ['consumer', 'production without a webhook secret', { ...production, WEBHOOK_SECRET: undefined }, /WEBHOOK_SECRET/],
  ['consumer', 'production without a PUBLIC_URL', { ...production, PUBLIC_URL: undefined }, /PUBLIC_URL/],
  ['consumer', 'ALLOWED_HOSTS with an address', { ALLOWED_HOSTS: 'http://localhost' }, /ALLOWED_HOSTS/],
  ['consumer', 'production with the ladder', { ...production, LADDER: 'on' }, /LADDER=on/],
  ['consumer', 'production without a PROVIDER_TOKEN', { ...production, PROVIDER_TOKEN: '' }, /PROVIDER_TOKEN/],
  ['provider', 'production without a PROVIDER_TOKEN', { ...production, PROVIDER_TOKEN: '' }, /PROVIDER_TOKEN/],
  ['consumer', 'production with a repeated secret', { ...production, JWT_SECRET: REPEATED }, /JWT_SECRET repeats/],
  [
    'consumer',
    'production with a secret from the documentation',
    { ...production, JWT_SECRET: EXAMPLE },
    /JWT_SECRET is a known/,
  ],
  [
    'consumer',
    'production with a weak ORDER_NO_KEY',
    { ...production, ORDER_NO_KEY: REPEATED },
    /ORDER_NO_KEY repeats/,
  ],
  [
    'consumer',
    'production with a weak PROVIDER_TOKEN',
    { ...production, PROVIDER_TOKEN: 'x'.repeat(32) },
    /PROVIDER_TOKEN repeats/,
  ],
  [
    'provider',
    'production with a weak PROVIDER_TOKEN',
    { ...production, PROVIDER_TOKEN: 'short' },
    /PROVIDER_TOKEN has fewer/,
  ],
  ['order-worker', 'an invalid WEBHOOK_SECRET', { WEBHOOK_SECRET: 'secret' }, /WEBHOOK_SECRET/],
  ['order-worker', 'production with the sandbox', { ...production, GATEWAY: 'sandbox' }, /GATEWAY=sandbox/],
];

const readers = { consumer: readConsumerConfig, provider: readProviderConfig, 'order-worker': readWorkerConfig };
const environment = (settings: Settings) =>
  Object.fromEntries(Object.entries({ ...good, ...settings }).filter(([, value]) => value !== undefined));

for (const kind of KINDS) {
  t.test(`${kind}: the table's base settings are accepted`, async (t) => {
    t.doesNotThrow(() => readers[kind](environment({})));
    t.doesNotThrow(() => readers[kind](environment(production)));
  });
}

for (const [kind, name, settings, expected] of rows) {
  t.test(`${kind}: ${name} is refused in one line without a secret`, async (t) => {
    try {
      readers[kind](environment(settings));
      t.fail('accepted');
    } catch (error) {
      t.type(error, SettingsError, String(error));
      const { message } = error as Error;
      t.match(message, /^settings: \S[^\n]*$/);
      t.match(message, expected);
      for (const secret of ['s3cret-pw', ...Object.values(targetSecrets)]) t.notOk(message.includes(secret));
    }
  });
}

// The line and the exit code of one real process of each kind.
for (const kind of KINDS) {
  const [, name, settings, expected] = rows.findLast((row) => row[0] === kind) as Row;
  t.test(`a real ${kind} with ${name} exits with code 2 and that line`, async (t) => {
    const ended = await new Promise<{ code: unknown; output: string }>((resolve) => {
      const file = path.join(root, kind, 'main.ts');
      execFile(process.execPath, [file], { env: environment(settings), timeout: 60_000 }, (error, stdout, stderr) => {
        resolve({ code: error?.code ?? 0, output: stdout + stderr });
      });
    });
    t.equal(ended.code, 2);
    t.match(ended.output, new RegExp(`^${kind}: settings: [^\\n]+\\n$`));
    t.match(ended.output, expected);
  });
}
