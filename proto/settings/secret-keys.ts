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

/** When a secret after the first of its list last verified something in this process, by id, in milliseconds since 1970. */
const laterUses = new Map<string, number>();

/** Notes that the key at this place of its list verified something. */
export function noteUse({ id }: SecretKey, index: number): void {
  if (index > 0) laterUses.set(id, Date.now());
}

/** The key of a list that signed. */
export function findKey(keys: readonly SecretKey[], hasSigned: (key: SecretKey) => boolean): SecretKey | undefined {
  const index = keys.findIndex(hasSigned);
  const key = keys[index];
  if (key) noteUse(key, index);
  return key;
}

const LISTS = [
  ...['JWT_SECRET', 'ORDER_NO_KEY', 'PROVIDER_TOKEN', 'WEBHOOK_SECRET', 'ORDER_RECORD_KEY', 'DECISION_KEY'],
  'ADMISSION_KEY',
];

/**
 * When a secret after the first last verified something in this process, for each setting that has several: seconds since 1970, 0 for never.
 * A rotation may remove an old secret when nothing uses it.
 */
export function usesOfLaterSecrets(settings: Record<string, unknown>): Record<string, number> {
  const lists = LISTS.map((name) => [name, parseSecretKeys(String(settings[name] ?? '')).slice(1)] as const);
  const lastOf = (keys: SecretKey[]) => Math.max(...keys.map(({ id }) => laterUses.get(id) ?? 0)) / 1000;
  return Object.fromEntries(lists.filter(([, keys]) => keys.length > 0).map(([name, keys]) => [name, lastOf(keys)]));
}

function secretKeyId(secret: string): string {
  return createHash('sha256').update(`flash-sale key id\n${secret}`).digest('base64url').slice(0, ID_LENGTH);
}
