import { SettingsError } from './read-settings.ts';
import { readTlsFiles, refuseTlsFiles, type TlsFiles, type TlsOptions } from './tls-files.ts';

/**
 * A URL carries its TLS settings as parameters, `tls=on` and the paths `ca`, `cert` and `key`, so that every connection that is given the
 * URL uses them.
 */
const PARAMETERS = ['tls', 'ca', 'cert', 'key'];

/** Adds the parameters to a URL, or to each of several. */
export function addTlsFiles(text: string, parameters: TlsFiles & { tls?: 'on' }): string {
  return text
    .split(',')
    .map((part) => {
      const url = new URL(part);
      for (const [name, value] of Object.entries(parameters)) if (value) url.searchParams.set(name, value);
      return url.href;
    })
    .join(',');
}

/** The TLS options of a URL; null: the connection is not encrypted. Throws a SettingsError. */
export function readTlsOfUrl(prefix: string, text: string): TlsOptions | null {
  const url = new URL(text);
  const { searchParams, protocol } = url;
  const name = `${prefix}_URL`;
  const unknown = [...searchParams.keys()].find((key) => !PARAMETERS.includes(key));
  // Such as ssl-mode=REQUIRED: ignoring it would connect without TLS.
  if (unknown !== undefined)
    throw new SettingsError(`settings: ${name} has the unknown parameter '${unknown}'; see ${prefix}_CA_FILE`);
  const tls = searchParams.get('tls') ?? 'off';
  if (tls !== 'on' && tls !== 'off') throw new SettingsError(`settings: ${name}: tls is on or off`);
  const [ca = '', cert = '', key = ''] = ['ca', 'cert', 'key'].map((file) => searchParams.get(file) ?? '');
  const files = { ca, cert, key };
  if (protocol === 'rediss:' || tls === 'on') return readTlsFiles(prefix, files);
  refuseTlsFiles(prefix, files, protocol === 'redis:' ? `${name} begins with redis:` : `${prefix}_TLS is off`);
  return null;
}
