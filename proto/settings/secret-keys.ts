import { createHash } from 'node:crypto';

/** One secret of a list and the id that messages name it by. */
export type SecretKey = { id: string; secret: string };

const ID_LENGTH = 8;

/**
 * The keys of a setting: secrets separated by commas, the current one first and previous ones behind it. The current key signs, all
 * keys verify. An id is derived from its secret and reveals nothing of it, so that a rotation needs no second setting. An empty text
 * has no keys.
 */
export function parseSecretKeys(text: string): SecretKey[] {
  const secrets = text
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '');
  return secrets.map((secret) => ({ id: secretKeyId(secret), secret }));
}

const MAX_REMEMBERED = 100;
const remembered = new Map<string, SecretKey[]>();

/** The same, remembered: for what is signed or verified with each message. */
export function secretKeysOf(text: string): readonly SecretKey[] {
  let keys = remembered.get(text);
  if (!keys) {
    keys = parseSecretKeys(text);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(text, keys);
  }
  return keys;
}

/** The key of a list that signs. Throws where the list is empty: settings are checked before. */
export function signingKey(text: string): SecretKey {
  const [current] = secretKeysOf(text);
  if (!current) throw new Error('there is no key to sign with');
  return current;
}

function secretKeyId(secret: string): string {
  return createHash('sha256').update(`flash-sale key id\n${secret}`).digest('base64url').slice(0, ID_LENGTH);
}
