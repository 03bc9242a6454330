import { createHash } from 'node:crypto';

/** A secret of a list, and the id by which messages refer to it. */
export type SecretKey = { id: string; secret: string };

const ID_LENGTH = 8;

/**
 * The keys of a setting: secrets separated by commas, the current one first, then previous ones. The current key signs, all keys verify.
 * An id is derived from its secret and does not reveal it, so a rotation needs no second setting. An empty text has no keys.
 */
export function parseSecretKeys(text: string): SecretKey[] {
  const secrets = text
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
  return secrets.map((secret) => ({ id: secretKeyId(secret), secret }));
}

const MAX_CACHED = 100;
const cached = new Map<string, SecretKey[]>();

/** The same from a cache, for keys that sign or verify every message. */
export function secretKeysOf(text: string): readonly SecretKey[] {
  let keys = cached.get(text);
  if (!keys) {
    keys = parseSecretKeys(text);
    if (cached.size >= MAX_CACHED) cached.clear();
    cached.set(text, keys);
  }
  return keys;
}

/** The key of a list that signs. Throws if the list is empty. */
export function signingKey(text: string): SecretKey {
  const [current] = secretKeysOf(text);
  if (!current) throw new Error('no signing key');
  return current;
}

function secretKeyId(secret: string): string {
  return createHash('sha256').update(`flash-sale key id\n${secret}`).digest('base64url').slice(0, ID_LENGTH);
}
