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

function secretKeyId(secret: string): string {
  return createHash('sha256').update(`flash-sale key id\n${secret}`).digest('base64url').slice(0, ID_LENGTH);
}
