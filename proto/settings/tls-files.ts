import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Type } from 'typebox';
import { SettingsError } from './read-settings.ts';

/** The paths of the PEM files of one connection; empty: none. */
export type TlsFiles = { ca: string; cert: string; key: string };
/** Options of Node's `tls`. Without `ca` the CAs of Node are trusted. */
export type TlsOptions = { ca?: string; cert?: string; key?: string };

/** A setting that is the path of a PEM file. */
export const pemFile = (description: string) => Type.String({ default: '', description });

export const tlsSwitch = (description: string) => Type.Enum(['off', 'on'], { default: 'off', description });

const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Reads and checks the files of the settings `PREFIX_CA_FILE`, `PREFIX_CERT_FILE` and `PREFIX_KEY_FILE`. Throws a SettingsError that names
 * the setting if a file cannot be read or is no PEM, if the certificate has expired, or if the key is not its own.
 */
export function readTlsFiles(prefix: string, { ca, cert, key }: TlsFiles, nowMs = Date.now()): TlsOptions {
  const names = { ca: `${prefix}_CA_FILE`, cert: `${prefix}_CERT_FILE`, key: `${prefix}_KEY_FILE` };
  if (Boolean(cert) !== Boolean(key)) refuse(`set both ${names.cert} and ${names.key}, or none of them`);
  const options: TlsOptions = {};
  if (ca) {
    options.ca = readPem(names.ca, ca);
    readCertificates(names.ca, options.ca);
  }
  if (cert) {
    options.cert = readPem(names.cert, cert);
    options.key = readPem(names.key, key);
    const [own] = readCertificates(names.cert, options.cert) as [X509Certificate];
    if (Date.parse(own.validTo) < nowMs) refuse(`${names.cert} expired on ${own.validTo}`);
    if (!own.checkPrivateKey(readKey(names.key, options.key))) refuse(`${names.key} is not the key of ${names.cert}`);
  }
  return options;
}

/** Throws a SettingsError if a file is set while TLS is off: the connection would not be encrypted. */
export function refuseTlsFiles(prefix: string, { ca, cert, key }: TlsFiles, switchedOff: string): void {
  const set = [ca && 'CA', cert && 'CERT', key && 'KEY'].find(Boolean);
  if (set) refuse(`${prefix}_${set}_FILE is set, but ${switchedOff}`);
}

function readPem(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    return refuse(`${name} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** At least one. */
function readCertificates(name: string, pem: string): X509Certificate[] {
  const texts = pem.match(CERTIFICATES) ?? refuse(`${name} has no PEM certificate`);
  try {
    return texts.map((text) => new X509Certificate(text));
  } catch {
    return refuse(`${name} has a certificate that cannot be parsed`);
  }
}

function readKey(name: string, pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    return refuse(`${name} is not a PEM private key without a passphrase`);
  }
}

function refuse(why: string): never {
  throw new SettingsError(`settings: ${why}`);
}
