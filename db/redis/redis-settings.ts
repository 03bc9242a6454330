import { type Static, Type } from 'typebox';
import { checkUrls } from '../../proto/settings/check-addresses.ts';
import { SettingsError } from '../../proto/settings/read-settings.ts';
import { pemFile, refuseTlsFiles } from '../../proto/settings/tls-files.ts';
import { addTlsFiles, readTlsOfUrl } from '../../proto/settings/tls-url.ts';

/** Settings of the encrypted connection. */
export const redisTlsSettings = {
  REDIS_CA_FILE: pemFile('For rediss: PEM file of the CA that signs the certificate of Redis. Empty: the CAs of Node'),
  REDIS_CERT_FILE: pemFile('For rediss: PEM file of the client certificate, if Redis demands one'),
  REDIS_KEY_FILE: pemFile('For rediss: PEM file of its key, without a passphrase'),
};

const namedSettings = {
  REDIS_URL: Type.String({
    pattern: '^rediss?://',
    description:
      'redis://host:port, or rediss://host:port for TLS: the certificate and the host name of the server are checked. Several, separated by commas: a cluster',
  }),
  // No braces, which select a cluster's node, and no characters that are patterns in an ACL.
  REDIS_PREFIX: Type.String({
    default: '',
    pattern: '^[A-Za-z0-9._:-]{0,100}$',
    description: 'Prefix of all keys and channels. Systems that share a Redis need different ones',
  }),
};

/** The Redis settings, the same in all processes of a system. */
export const redisSettings = { ...namedSettings, ...redisTlsSettings };

const named = Type.Object(namedSettings);
const files = Type.Object(redisTlsSettings);
/** REDIS_URL has the files of the TLS settings as parameters. */
export type RedisSettings = Static<typeof named>;

/** Checks REDIS_URL, and adds the files of the TLS settings to it. Throws a SettingsError. */
export function completeRedis<Config extends Static<typeof files> & { REDIS_URL: string }>(config: Config): Config {
  const { REDIS_URL, REDIS_CA_FILE: ca, REDIS_CERT_FILE: cert, REDIS_KEY_FILE: key } = config;
  if (!REDIS_URL) {
    refuseTlsFiles('REDIS', { ca, cert, key }, 'REDIS_URL is empty');
    return config;
  }
  checkUrls('REDIS_URL', REDIS_URL);
  const urls = REDIS_URL.split(',');
  if (new Set(urls.map((url) => new URL(url).protocol)).size > 1) {
    throw new SettingsError('settings: REDIS_URL has redis: and rediss: addresses; use one of them');
  }
  const completed: Config = { ...config, REDIS_URL: addTlsFiles(REDIS_URL, { ca, cert, key }) };
  for (const url of completed.REDIS_URL.split(',')) readTlsOfUrl('REDIS', url);
  return completed;
}
