import { createVerifier } from 'fast-jwt';
import buildGetJwks from 'get-jwks';
import { LRUCache } from 'lru-cache';
import { Agent } from 'undici';
import { realClock, withDeadline } from '../proto/clock.ts';
import { parseSecretKeys } from '../proto/secret-keys.ts';
import type { ConsumerConfig } from './config.ts';
import { Problem } from './problem.ts';

/** `exp` is in seconds since 1970; no token is taken without it. */
export type Claims = { sub?: unknown; roles?: unknown; exp: number };

const TOKENS_REMEMBERED = 20_000;
const REMEMBERED_MS = 60_000;
const CLOCKS_DIFFER_MS = 5000;

const KEYS_KEPT = 20;
const KEYS_FRESH_MS = 600_000;
const KEY_DEADLINE_MS = 1500;
/** Longest wait for a connection, for the headers, and between two parts of the body. */
const KEY_STEP_MS = 700;
/** Anybody can write a token with a key id of their own making; each would be asked for at the address of the keys. */
const UNKNOWN_KEYS_ASKED_FOR = 10;
const UNKNOWN_KEYS_WINDOW_MS = 60_000;
const REFUSED_KEYS_REMEMBERED = 1000;

/** The key set cannot be read, which says nothing about the token. */
class KeysUnavailable extends Error {
  override name = 'KeysUnavailable';
}

type Settings = Pick<ConsumerConfig, 'JWT_SECRET' | 'JWKS_URL' | 'JWT_ISSUER' | 'JWT_AUDIENCE'>;

/**
 * Checks a token and returns its claims, as a promise where keys may have to be read. Throws, or rejects, when it is not valid; with
 * Problem `unavailable` when the keys cannot be read.
 */
export function createTokenVerifier(settings: Settings): (token: string) => Claims | Promise<Claims> {
  const common = {
    allowedIss: settings.JWT_ISSUER,
    allowedAud: settings.JWT_AUDIENCE,
    requiredClaims: ['exp', 'sub', 'iss', 'aud'],
    clockTolerance: CLOCKS_DIFFER_MS,
    cache: TOKENS_REMEMBERED,
    cacheTTL: REMEMBERED_MS,
    // The library would remember refusals for the clocks' difference, also those for want of the keys.
    errorCacheTTL: () => -CLOCKS_DIFFER_MS - 1,
  };
  const secrets = parseSecretKeys(settings.JWT_SECRET).map(({ secret }) => secret);
  if (secrets.length > 0) {
    return verifyWithAny(secrets.map((key) => createVerifier({ ...common, key, algorithms: ['HS256'] })));
  }
  const getKey = createKeyReader(new URL(settings.JWKS_URL));
  const verify = createVerifier({
    ...common,
    algorithms: ['RS256', 'ES256'],
    key: ({ header }: { header: { kid?: unknown; alg?: unknown } }) => getKey(header.kid, header.alg),
  });
  return async (token) => {
    try {
      return await verify(token);
    } catch (error) {
      if (causedBy(error, KeysUnavailable)) throw new Problem('unavailable', 'The keys of tokens cannot be read.');
      throw error;
    }
  };
}

const WRONG_SIGNATURE = 'FAST_JWT_INVALID_SIGNATURE';

/** Only a wrong signature can be right with another secret. */
function verifyWithAny(verifiers: ((token: string) => Claims)[]): (token: string) => Claims {
  return (token) => {
    for (const [index, verify] of verifiers.entries()) {
      try {
        return verify(token);
      } catch (error) {
        const isLast = index === verifiers.length - 1;
        if (isLast || (error as { code?: unknown }).code !== WRONG_SIGNATURE) throw error;
      }
    }
    throw new Error('no secret to verify with');
  };
}

function createKeyReader(url: URL): (kid: unknown, alg: unknown) => Promise<string> {
  // get-jwks keeps a request that hangs, for everybody: the request itself must end.
  const dispatcher = new Agent({ connectTimeout: KEY_STEP_MS, headersTimeout: KEY_STEP_MS, bodyTimeout: KEY_STEP_MS });
  const jwks = buildGetJwks({
    max: KEYS_KEPT,
    ttl: KEYS_FRESH_MS,
    jwksPath: `${url.pathname}${url.search}`,
    fetchOptions: { dispatcher } as object,
  });
  const known = new LRUCache<string, true>({ max: KEYS_KEPT });
  const refused = new LRUCache<string, true>({ max: REFUSED_KEYS_REMEMBERED, ttl: UNKNOWN_KEYS_WINDOW_MS });
  // A crowd that comes with a new key asks for it once.
  const asking = new Map<string, Promise<string>>();
  let windowEndsMs = 0;
  let refusals = 0;

  /** A key that was good before may always be asked for, so that strangers cannot use up what it needs. */
  function checkUnknown(): void {
    const nowMs = realClock.nowMs();
    if (nowMs >= windowEndsMs) {
      windowEndsMs = nowMs + UNKNOWN_KEYS_WINDOW_MS;
      refusals = 0;
    }
    // Nobody knows whether this one would have been good.
    if (refusals + asking.size >= UNKNOWN_KEYS_ASKED_FOR) throw new KeysUnavailable('too many unknown keys');
  }

  async function askForKey(kid: string, alg: 'RS256' | 'ES256', id: string): Promise<string> {
    try {
      const key = jwks.getPublicKey({ kid, alg, domain: url.origin });
      return await withDeadline(realClock, KEY_DEADLINE_MS, 'JWKS', key);
    } catch (error) {
      if ((error as { code?: string }).code !== 'JWK_NOT_FOUND') throw new KeysUnavailable('JWKS', { cause: error });
      refused.set(id, true);
      refusals += 1;
      throw error;
    }
  }

  return async (kid, alg) => {
    if (typeof kid !== 'string' || kid.length > 200) throw new Error('the token names no key');
    if (alg !== 'RS256' && alg !== 'ES256') throw new Error('not an algorithm that is taken here');
    const id = `${alg} ${kid}`;
    if (refused.has(id)) throw new Error('an unknown key');
    let asked = asking.get(id);
    if (!asked) {
      if (!known.has(id)) checkUnknown();
      asked = askForKey(kid, alg, id).finally(() => asking.delete(id));
      asking.set(id, asked);
    }
    const key = await asked;
    known.set(id, true);
    return key;
  };
}

function causedBy(error: unknown, kind: typeof KeysUnavailable): boolean {
  for (
    let at: unknown = error;
    at instanceof Error;
    at = (at as { originalError?: unknown }).originalError ?? at.cause
  ) {
    if (at instanceof kind) return true;
  }
  return false;
}
