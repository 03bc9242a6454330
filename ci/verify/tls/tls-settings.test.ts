import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import t from 'tap';
import { readConfig as readConsumerConfig } from '../../../consumer/config.ts';
import { readConfig as readWorkerConfig } from '../../../order-worker/config.ts';
import { readConfig as readProviderConfig } from '../../../provider/config.ts';
import { readConfig as readStartConfig } from '../../local/config.ts';
import { testEnvironment, testSecrets } from '../../testing/clients/create-token.ts';
import { createCertificates } from '../../testing/tls/create-certificates.ts';

const dir = t.testdir();
const { ca, make } = createCertificates(path.join(dir, 'made'));
const { cert, key } = make('one');
const other = make('other');
const expired = make('expired', { days: -1 });
const fileWith = (name: string, text: string) => {
  const file = path.join(dir, name);
  writeFileSync(file, text);
  return file;
};
const empty = fileWith('empty.pem', '');
const broken = fileWith('broken.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
const locked = path.join(dir, 'locked.pem');
copyFileSync(key, locked);
execFileSync('openssl', ['pkey', '-in', key, '-aes256', '-passout', 'pass:x', '-out', locked]);

const stores = {
  ...testEnvironment,
  MYSQL_URL: 'mysql://u:p@mysql.example/shop',
  REDIS_URL: 'rediss://redis.example',
  KAFKA_BROKERS: 'kafka.example:9093',
};
const production = {
  ...stores,
  NODE_ENV: 'production',
  GATEWAY: 'off',
  PROVIDER_TOKEN: 'b7Jd2HfNs9PcGaE4kq3rM8vXz5Lw0TtY',
};
const kafka = { KAFKA_TLS: 'on', KAFKA_CA_FILE: ca };
const login = { KAFKA_SASL: 'plain', KAFKA_USERNAME: 'u', KAFKA_PASSWORD: 'p' };

type Case = [what: string, read: (env: NodeJS.ProcessEnv) => object, settings: Record<string, string>, message: RegExp];
const cases: Case[] = [
  [
    'a file that is not there',
    readProviderConfig,
    { ...kafka, KAFKA_CA_FILE: '/none' },
    /KAFKA_CA_FILE cannot be read: ENOENT/,
  ],
  ['a folder', readProviderConfig, { ...kafka, KAFKA_CA_FILE: dir }, /KAFKA_CA_FILE cannot be read: EISDIR/],
  [
    'an empty file',
    readWorkerConfig,
    { MYSQL_TLS: 'on', MYSQL_CA_FILE: empty },
    /MYSQL_CA_FILE has no PEM certificate/,
  ],
  ['a key instead of a CA', readWorkerConfig, { MYSQL_TLS: 'on', MYSQL_CA_FILE: key }, /MYSQL_CA_FILE has no PEM/],
  ['a PEM that cannot be parsed', readWorkerConfig, { REDIS_CA_FILE: broken }, /REDIS_CA_FILE .*cannot be parsed/],
  [
    'a certificate without a key',
    readProviderConfig,
    { ...kafka, KAFKA_CERT_FILE: cert },
    /set both KAFKA_CERT_FILE and KAFKA_KEY_FILE/,
  ],
  [
    'the key of another certificate',
    readProviderConfig,
    { ...kafka, KAFKA_CERT_FILE: cert, KAFKA_KEY_FILE: other.key },
    /KAFKA_KEY_FILE is not the key of KAFKA_CERT_FILE/,
  ],
  [
    'a key with a passphrase',
    readProviderConfig,
    { GRPC_TLS: 'on', GRPC_CERT_FILE: cert, GRPC_KEY_FILE: locked },
    /GRPC_KEY_FILE is not a PEM private key without a passphrase/,
  ],
  [
    'an own certificate that has expired',
    readProviderConfig,
    { GRPC_TLS: 'on', GRPC_CERT_FILE: expired.cert, GRPC_KEY_FILE: expired.key },
    /GRPC_CERT_FILE expired on /,
  ],
  ['a provider without a certificate', readProviderConfig, { GRPC_TLS: 'on' }, /GRPC_TLS=on needs GRPC_CERT_FILE/],
  [
    'a file while KAFKA_TLS is off',
    readProviderConfig,
    { KAFKA_CA_FILE: ca },
    /KAFKA_CA_FILE is set, but KAFKA_TLS is off/,
  ],
  [
    'a file while MYSQL_TLS is off',
    readWorkerConfig,
    { MYSQL_CA_FILE: ca },
    /MYSQL_CA_FILE is set, but MYSQL_TLS is off/,
  ],
  [
    'a file while GRPC_TLS is off',
    readConsumerConfig,
    { GRPC_CA_FILE: ca },
    /GRPC_CA_FILE is set, but GRPC_TLS is off/,
  ],
  [
    'a file for redis:',
    readConsumerConfig,
    { REDIS_CA_FILE: ca, REDIS_URL: 'redis://r' },
    /REDIS_CA_FILE is set, but REDIS_URL begins with redis:/,
  ],
  [
    'redis: and rediss: in one cluster',
    readConsumerConfig,
    { REDIS_URL: 'rediss://a,redis://b' },
    /REDIS_URL has redis: and rediss:/,
  ],
  [
    'a parameter of another client',
    readWorkerConfig,
    { MYSQL_URL: 'mysql://u:p@m/shop?ssl-mode=REQUIRED' },
    /MYSQL_URL has the unknown parameter 'ssl-mode'/,
  ],
  [
    'the address of a MySQL server',
    readWorkerConfig,
    { MYSQL_TLS: 'on', MYSQL_URL: 'mysql://u:p@10.0.0.1/shop' },
    /needs a host name in MYSQL_URL/,
  ],
  [
    'addresses of providers',
    readConsumerConfig,
    { GRPC_TLS: 'on', PROVIDERS: '10.0.0.1:1,10.0.0.2:1' },
    /needs GRPC_TLS_NAME/,
  ],
  [
    'a login without a password',
    readProviderConfig,
    { ...login, KAFKA_PASSWORD: '' },
    /KAFKA_SASL=plain needs KAFKA_USERNAME and KAFKA_PASSWORD/,
  ],
  ['a password without a login', readProviderConfig, { ...login, KAFKA_SASL: 'off' }, /KAFKA_SASL is off/],
  [
    'an unencrypted password in production',
    readProviderConfig,
    { ...production, ...login },
    /KAFKA_SASL=plain sends the password unencrypted/,
  ],
  [
    'TLS to the servers of npm start',
    readStartConfig,
    { MYSQL_TLS: 'on', MYSQL_URL: '' },
    /MYSQL_TLS=on needs MYSQL_URL/,
  ],
];
for (const [what, read, settings, message] of cases) {
  t.test(`${what} is refused`, async (t) => {
    t.throws(() => read({ ...stores, ...testSecrets, ...settings }), { name: 'SettingsError', message });
  });
}

t.test('the TLS settings are in the URLs, for all that connect', async (t) => {
  const MYSQL_ADMIN_URL = 'mysql://root:p@mysql.example/shop';
  const settings = { ...stores, MYSQL_TLS: 'on', MYSQL_CA_FILE: ca, MYSQL_ADMIN_URL, REDIS_CA_FILE: ca };
  const config = readStartConfig({ ...settings, REDIS_URL: 'rediss://a:1,rediss://b:1' });
  const parameters = `?tls=on&ca=${encodeURIComponent(ca)}`;
  t.equal(config.MYSQL_URL, `${stores.MYSQL_URL}${parameters}`);
  t.equal(config.MYSQL_ADMIN_URL, `${MYSQL_ADMIN_URL}${parameters}`);
  const redis = `?ca=${encodeURIComponent(ca)}`;
  t.equal(config.REDIS_URL, `rediss://a:1${redis},rediss://b:1${redis}`);
  t.equal(readStartConfig({ ...settings, MYSQL_URL: config.MYSQL_URL }).MYSQL_URL, config.MYSQL_URL, 'twice');
});

t.test('right settings are accepted in production', async (t) => {
  const pair = { KAFKA_CERT_FILE: cert, KAFKA_KEY_FILE: key };
  const grpc = { GRPC_TLS: 'on', GRPC_CERT_FILE: cert, GRPC_KEY_FILE: key };
  t.match(readProviderConfig({ ...production, ...kafka, ...login, ...pair, ...grpc }), { KAFKA_SASL: 'plain' });
  const scram = { ...login, KAFKA_SASL: 'scram-sha-256' };
  t.match(readProviderConfig({ ...production, ...scram }), { KAFKA_TLS: 'off' }, 'SCRAM sends no password');
});
