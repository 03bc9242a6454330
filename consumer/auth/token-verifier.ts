import { createVerifier } from 'fast-jwt';
import { type Clock, realClock } from '../../proto/process/clock.ts';
import { noteUse, parseSecretKeys, type SecretKey } from '../../proto/settings/secret-keys.ts';
import { Problem } from '../http/problem.ts';
import type { ConsumerConfig } from '../settings/settings-schema.ts';
import { createKeySet, type KeyAlgorithm, KeysUnavailable, type TokenKey } from './key-set.ts';

/** `exp`: seconds since 1970, required. identity-reader.ts reads the buyer and the roles. */
export type Claims = { exp: number };
type Verify = (token: string) => Claims;

const CLOCK_TOLERANCE_MS = 5000;
const MAX_KID_LENGTH = 200;

/** Verifying a signature of a public key takes 50 to 120 µs, the cache 10. The cache of errors is disabled: the library would keep them for the clock tolerance. */
const CACHE = {
  cache: 20_000,
  cacheTTL: 60_000,
  errorCacheTTL: () => -CLOCK_TOLERANCE_MS - 1,
};

type Settings = Pick<ConsumerConfig, 'JWT_SECRET' | 'JWKS_URL' | 'JWT_ISSUER' | 'JWT_AUDIENCE'>;

/**
 * Verifies a token and returns its claims, as a promise when keys may have to be read. Throws or rejects for an invalid token, with Problem
 * `unavailable` when the keys cannot be read.
 */
export function createTokenVerifier(
  settings: Settings,
  clock: Clock = realClock,
  onKeysNotRead?: () => void,
): (token: string) => Claims | Promise<Claims> {
  const common = {
    allowedIss: settings.JWT_ISSUER,
    allowedAud: settings.JWT_AUDIENCE,
    requiredClaims: ['exp', 'iss', 'aud'],
    clockTolerance: CLOCK_TOLERANCE_MS,
  };
  const secrets = parseSecretKeys(settings.JWT_SECRET);
  if (secrets.length > 0) {
    // Without a cache: its key is a hash of the token, which costs as much as the signature's, and at an opening every token is new. A new
    // token takes 16 µs with a cache, and 6 µs without.
    return verifyWithAny(
      secrets.map((key) => ({
        key,
        verify: createVerifier({ ...common, key: key.secret, algorithms: ['HS256'] }),
      })),
    );
  }
  // One verifier per key: with a key function the library decodes the key again for each token.
  const build = ({ algorithm, key }: TokenKey) =>
    createVerifier({
      ...common,
      ...CACHE,
      key: String(key.export({ type: 'spki', format: 'pem' })),
      algorithms: [algorithm],
    });
  const keys = createKeySet({ url: settings.JWKS_URL, clock, build, onNotRead: onKeysNotRead });
  return async (token) => {
    const { kid, alg } = readHeader(token);
    let verify: Verify | undefined;
    try {
      verify = await keys.find(kid, alg);
    } catch (error) {
      if (error instanceof KeysUnavailable) throw new Problem('unavailable', 'The key set at JWKS_URL cannot be read.');
      throw error;
    }
    if (!verify) throw new Error('unknown key');
    return verify(token);
  };
}

/** The key id and algorithm of a token. Throws when one is missing or not supported. */
function readHeader(token: string): { kid: string; alg: KeyAlgorithm } {
  const text = Buffer.from(token.slice(0, token.indexOf('.')), 'base64url').toString();
  const { kid, alg } = (JSON.parse(text) ?? {}) as { kid?: unknown; alg?: unknown };
  if (typeof kid !== 'string' || kid.length > MAX_KID_LENGTH) throw new Error('the token has no valid kid');
  if (alg !== 'RS256' && alg !== 'ES256') throw new Error('unsupported algorithm');
  return { kid, alg };
}

const WRONG_SIGNATURE = 'FAST_JWT_INVALID_SIGNATURE';

/** Tries the next secret only when the signature is wrong. */
function verifyWithAny(verifiers: { key: SecretKey; verify: Verify }[]): Verify {
  return (token) => {
    for (const [index, { key, verify }] of verifiers.entries()) {
      try {
        const claims = verify(token);
        noteUse(key, index);
        return claims;
      } catch (error) {
        const isLast = index === verifiers.length - 1;
        if (isLast || (error as { code?: unknown }).code !== WRONG_SIGNATURE) throw error;
      }
    }
    throw new Error('no secret to verify with');
  };
}
