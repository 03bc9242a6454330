import { isIP } from 'node:net';
import { type Static, Type } from 'typebox';
import { checkUrls } from '../../proto/settings/check-addresses.ts';
import { SettingsError } from '../../proto/settings/read-settings.ts';
import { pemFile, refuseTlsFiles, type TlsOptions, tlsSwitch } from '../../proto/settings/tls-files.ts';
import { addTlsFiles, readTlsOfUrl } from '../../proto/settings/tls-url.ts';

/** Settings of every process and command that connects to MySQL. They are valid for all URLs of MySQL. */
export const mysqlTlsSettings = {
  MYSQL_TLS: tlsSwitch(
    'on: connections to MySQL are encrypted, and the certificate and the host name of the server are checked. Also as a parameter of one URL: ?tls=on&ca=FILE&cert=FILE&key=FILE',
  ),
  MYSQL_CA_FILE: pemFile('PEM file of the CA that signs the certificate of MySQL. Empty: the CAs of Node'),
  MYSQL_CERT_FILE: pemFile('PEM file of the client certificate, if MySQL demands one'),
  MYSQL_KEY_FILE: pemFile('PEM file of its key, without a passphrase'),
};

const schema = Type.Object(mysqlTlsSettings);
type UrlName = 'MYSQL_URL' | 'MYSQL_ADMIN_URL' | 'MYSQL_PURGE_URL';
type Settings = Static<typeof schema> & { [Name in UrlName]?: string };

/** Checks the URLs of MySQL, and adds the TLS settings to each of them. Throws a SettingsError. */
export function completeMysql<Config extends Settings>(config: Config): Config {
  const { MYSQL_TLS, MYSQL_CA_FILE: ca, MYSQL_CERT_FILE: cert, MYSQL_KEY_FILE: key } = config;
  if (MYSQL_TLS === 'off') refuseTlsFiles('MYSQL', { ca, cert, key }, 'MYSQL_TLS is off');
  const completed: Config = { ...config };
  for (const name of ['MYSQL_URL', 'MYSQL_ADMIN_URL', 'MYSQL_PURGE_URL'] as const) {
    const url = config[name];
    if (!url) continue;
    checkUrls(name, url);
    if (MYSQL_TLS === 'on') completed[name] = addTlsFiles(url, { tls: 'on', ca, cert, key });
    readMysqlTls(completed[name] ?? '');
  }
  return completed;
}

/** The TLS options of a URL for mysql2; null: not encrypted. Throws a SettingsError. */
export function readMysqlTls(url: string): (TlsOptions & { rejectUnauthorized: true; verifyIdentity: true }) | null {
  const tls = readTlsOfUrl('MYSQL', url);
  if (!tls) return null;
  // mysql2 would compare the certificate with the name localhost.
  if (isIP(new URL(url).hostname.replace(/[[\]]/g, ''))) {
    throw new SettingsError('settings: MYSQL_TLS=on needs a host name in MYSQL_URL, not an address');
  }
  return { ...tls, rejectUnauthorized: true, verifyIdentity: true };
}
