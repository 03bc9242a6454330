import { createVerifier } from 'fast-jwt';
import { type Clock, realClock } from '../../proto/process/clock.ts';
import { parseSecretKeys } from '../../proto/settings/secret-keys.ts';
import { Problem } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { createKeySet, type KeyAlgorithm, KeysUnavailable } from './key-set.ts';

/** `exp` is in seconds since 1970; no token is taken without it. */
export type Claims = { sub?: unknown; roles?: unknown; exp: number };

const TOKENS_REMEMBERED = 20_000;
const REMEMBERED_MS = 60_000;
const CLOCKS_DIFFER_MS = 5000;
const LONGEST_KID = 200;

type Settings = Pick<ConsumerConfig, 'JWT_SECRET' | 'JWKS_URL' | 'JWT_ISSUER' | 'JWT_AUDIENCE'>;

/**
 * Checks a token and returns its claims, as a promise where keys may have to be read. Throws, or rejects, when it is not valid; with
 * Problem `unavailable` when the keys cannot be read.
 */
export function createTokenVerifier(
  settings: Settings,
  clock: Clock = realClock,
): (token: string) => Claims | Promise<Claims> {
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
  const keys = createKeySet(settings.JWKS_URL, clock, ({ algorithm, key }) =>
    // A verifier for each key: the library would decode the key again for each token that a function is asked about.
    createVerifier({ ...common, key: String(key.export({ type: 'spki', format: 'pem' })), algorithms: [algorithm] }),
  );
  return async (token) => {
    const { kid, alg } = readHeader(token);
    let verify: ((token: string) => Claims) | undefined;
    try {
      verify = await keys.find(kid, alg);
    } catch (error) {
      if (error instanceof KeysUnavailable) throw new Problem('unavailable', 'The keys of tokens cannot be read.');
      throw error;
    }
    if (!verify) throw new Error('an unknown key');
    return verify(token);
  };
}

/** Which key a token says it is signed with. Throws where it names none that could be taken. */
function readHeader(token: string): { kid: string; alg: KeyAlgorithm } {
  const text = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString();
  const { kid, alg } = (JSON.parse(text) ?? {}) as { kid?: unknown; alg?: unknown };
  if (typeof kid !== 'string' || kid.length > LONGEST_KID) throw new Error('the token names no key');
  if (alg !== 'RS256' && alg !== 'ES256') throw new Error('not an algorithm that is taken here');
  return { kid, alg };
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
