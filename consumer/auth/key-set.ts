import { createPublicKey, type KeyObject } from 'node:crypto';
import { type Clock, pause, withDeadline } from '../../proto/process/clock.ts';
import { readAnswer } from '../../proto/process/read-answer.ts';

/** The key set cannot be read: whether the token is valid is unknown. */
export class KeysUnavailable extends Error {
  override name = 'KeysUnavailable';
}

export type KeyAlgorithm = 'RS256' | 'ES256';
/** A key that tokens may be signed with. */
export type TokenKey = { algorithm: KeyAlgorithm; key: KeyObject };

export type KeySet<Verify> = {
  /**
   * What `build` returned for the key with this id and algorithm, undefined when the set has no such key. A set that is older than
   * FRESH_MS is read again, in the background up to READ_BEHIND_MS. Rejects with KeysUnavailable.
   */
  find(kid: string, algorithm: KeyAlgorithm): Promise<Verify | undefined>;
};

const FRESH_MS = 60_000;
/** Up to this age a set is used while it is read again, so that no buyer waits. */
const READ_BEHIND_MS = 2 * FRESH_MS;
/** Maximum age of a set that cannot be read again. A withdrawn key can be accepted for this long. */
const USABLE_MS = 3_600_000;
/** Minimum time between two reads for unknown key ids, which clients can invent. */
const UNKNOWN_PAUSE_MS = 2000;
const AFTER_FAILURE_MS = 250;
const READ_DEADLINE_MS = 1500;
const MAX_BYTES = 256 * 1024;
const MAX_KEYS = 20;
const MIN_RSA_BITS = 2048;

type Read<Verify> = { atMs: number; keys: Map<string, Entry<Verify>> };
type Entry<Verify> = { text: string; verify: Verify };

export type KeySetOptions<Verify> = {
  url: string;
  clock: Clock;
  build(key: TokenKey): Verify;
  /** Called after each read that failed. */
  onNotRead?: (() => void) | undefined;
};

/** The key set at a URL. Each key is built into a verifier once; concurrent lookups share one read. */
export function createKeySet<Verify>({ url, clock, build, onNotRead }: KeySetOptions<Verify>): KeySet<Verify> {
  let last: Read<Verify> | null = null;
  let reading: Promise<void> | null = null;
  let failedAtMs = Number.NEGATIVE_INFINITY;

  const ageMs = () => (last ? clock.nowMs() - last.atMs : Number.POSITIVE_INFINITY);
  const lookUp = (kid: string, algorithm: KeyAlgorithm) => last?.keys.get(idOf(kid, algorithm))?.verify;

  async function read(): Promise<void> {
    const waitMs = failedAtMs + AFTER_FAILURE_MS - clock.nowMs();
    if (waitMs > 0) await pause(clock, waitMs);
    // Before the read: a key that is withdrawn during it may still be in the response.
    const atMs = clock.nowMs();
    try {
      const jwks = await withDeadline(clock, READ_DEADLINE_MS, 'JWKS', fetchKeys(url));
      last = { atMs, keys: buildKeys(jwks, last?.keys, build) };
    } catch (error) {
      failedAtMs = clock.nowMs();
      onNotRead?.();
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
        // After a failed read, only the first requests wait.
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
    throw new Error(`the response status is ${response.status}`);
  }
  const text = await readAnswer(response, MAX_BYTES, 'the server of the key set');
  const { keys } = (JSON.parse(text) ?? {}) as { keys?: unknown };
  if (!Array.isArray(keys)) throw new Error('the response is not a key set');
  return keys.slice(0, MAX_KEYS).filter((key) => typeof key === 'object' && key !== null);
}

/** Unchanged keys keep their verifier, with its cache of tokens. */
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

/** The key of a JWK; null if it is for another use, of another type, or too short. */
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
