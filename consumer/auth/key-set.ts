import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Clock, pause, withDeadline } from '../../proto/process/clock.ts';

/** The key set cannot be read, which says nothing about the token. */
export class KeysUnavailable extends Error {
  override name = 'KeysUnavailable';
}

export type KeyAlgorithm = 'RS256' | 'ES256';
/** A key that tokens may be signed with. */
export type TokenKey = { algorithm: KeyAlgorithm; key: KeyObject };

export type KeySet<Verify> = {
  /**
   * What `build` made of the key with this id and algorithm; undefined where the set does not have it. A set that is older than
   * FRESH_MS is read again first or meanwhile. Rejects with KeysUnavailable.
   */
  find(kid: string, algorithm: KeyAlgorithm): Promise<Verify | undefined>;
};

const FRESH_MS = 60_000;
/** Until here a set is still used while it is read again, so that no buyer waits for it. */
const READ_BEHIND_MS = 2 * FRESH_MS;
/** The longest that a set is used which cannot be read again: so long a key that was withdrawn meanwhile can count. */
const USABLE_MS = 3_600_000;
/** The set is read at most so often for key ids that it does not have: they can be made up. */
const UNKNOWN_PAUSE_MS = 2000;
const AFTER_FAILURE_MS = 250;
const READ_DEADLINE_MS = 1500;
const MAX_BYTES = 256 * 1024;
const MAX_KEYS = 20;
const MIN_RSA_BITS = 2048;

type Read<Verify> = { atMs: number; keys: Map<string, Entry<Verify>> };
type Entry<Verify> = { text: string; verify: Verify };

/** The keys at the address, each made into what verifies with it once. One read at a time serves all who ask. */
export function createKeySet<Verify>(url: string, clock: Clock, build: (key: TokenKey) => Verify): KeySet<Verify> {
  let last: Read<Verify> | null = null;
  let reading: Promise<void> | null = null;
  let failedAtMs = Number.NEGATIVE_INFINITY;

  const ageMs = () => (last ? clock.nowMs() - last.atMs : Number.POSITIVE_INFINITY);
  const lookUp = (kid: string, algorithm: KeyAlgorithm) => last?.keys.get(idOf(kid, algorithm))?.verify;

  async function read(): Promise<void> {
    const waitMs = failedAtMs + AFTER_FAILURE_MS - clock.nowMs();
    if (waitMs > 0) await pause(clock, waitMs);
    // What is withdrawn after this moment may still be in the answer.
    const atMs = clock.nowMs();
    try {
      const jwks = await withDeadline(clock, READ_DEADLINE_MS, 'JWKS', fetchKeys(url));
      last = { atMs, keys: buildKeys(jwks, last?.keys, build) };
    } catch (error) {
      failedAtMs = clock.nowMs();
      throw new KeysUnavailable('the key set cannot be read', { cause: error });
    }
  }

  function readAgain(): Promise<void> {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  }

  return {
    async find(kid, algorithm) {
      if (ageMs() > FRESH_MS) {
        // Only the first ones wait where the address does not answer.
        const failed = last !== null && failedAtMs > last.atMs;
        const again = readAgain().catch((error: unknown) => {
          if (ageMs() > USABLE_MS) throw error;
        });
        if (ageMs() > USABLE_MS || (ageMs() > READ_BEHIND_MS && !failed)) await again;
      }
      const known = lookUp(kid, algorithm);
      if (known !== undefined || ageMs() < UNKNOWN_PAUSE_MS) return known;
      await readAgain();
      return lookUp(kid, algorithm);
    },
  };
}

function idOf(kid: string, algorithm: KeyAlgorithm): string {
  return `${algorithm} ${kid}`;
}

async function fetchKeys(url: string): Promise<Record<string, unknown>[]> {
  const response = await fetch(url, {
    headers: { accept: 'application/json' },
    redirect: 'error',
    signal: AbortSignal.timeout(READ_DEADLINE_MS),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`the answer was ${response.status}`);
  }
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of response.body ?? []) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new Error(`the answer has more than ${MAX_BYTES} bytes`);
    parts.push(part);
  }
  const { keys } = (JSON.parse(Buffer.concat(parts).toString()) ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('the answer is no key set');
  return keys.slice(0, MAX_KEYS).filter((key) => typeof key === 'object' && key !== null);
}

/** Keys that stay as they were keep what was built of them, and the tokens it remembers; others are forgotten. */
function buildKeys<Verify>(
  jwks: Record<string, unknown>[],
  before: Map<string, Entry<Verify>> | undefined,
  build: (key: TokenKey) => Verify,
): Map<string, Entry<Verify>> {
  const keys = new Map<string, Entry<Verify>>();
  for (const jwk of jwks) {
    const read = readJwk(jwk);
    if (!read) continue;
    const id = idOf(read.kid, read.algorithm);
    const text = JSON.stringify(jwk);
    const old = before?.get(id);
    keys.set(id, old?.text === text ? old : { text, verify: build(read) });
  }
  return keys;
}

/** The key of a JWK that may verify tokens, or null: of another use, of another kind, or too short. */
function readJwk(jwk: Record<string, unknown>): (TokenKey & { kid: string }) | null {
  const { kid, kty, use, alg, key_ops: operations } = jwk;
  if (typeof kid !== 'string') return null;
  if (use !== undefined && use !== 'sig') return null;
  if (operations !== undefined && !(Array.isArray(operations) && operations.includes('verify'))) return null;
  const algorithm = kty === 'RSA' ? 'RS256' : kty === 'EC' && jwk.crv === 'P-256' ? 'ES256' : null;
  if (algorithm === null || (alg !== undefined && alg !== algorithm)) return null;
  try {
    const key = createPublicKey({ key: jwk, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return algorithm === 'RS256' && bits < MIN_RSA_BITS ? null : { kid, algorithm, key };
  } catch {
    return null;
  }
}
