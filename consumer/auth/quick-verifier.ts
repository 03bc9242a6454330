import { timingSafeEqual } from 'node:crypto';
import { createShortHmac } from '../../proto/messages/short-hmac.ts';

/** `exp`: seconds since 1970, required. */
export type Claims = { sub?: unknown; roles?: unknown; exp: number };
export type Verify = (token: string) => Claims;

type QuickVerifierOptions = {
  secret: string;
  issuer: string;
  audience: string;
  clockToleranceMs: number;
  /** The library's verifier. Throws for an invalid token. */
  verify: Verify;
};

/** HS256 has 32 bytes. */
const SIGNATURE_LENGTH = 43;

/**
 * Verifies HS256 tokens of the usual form in a third of the library's time. It accepts only what the library would accept, and has no word on
 * anything else: the library does. So a token's header must be, to the character, one that the library has accepted before; the signature
 * must be right; and the claims must be of the usual form.
 */
export function createQuickVerifier(options: QuickVerifierOptions): Verify {
  const { secret, issuer, audience, clockToleranceMs, verify } = options;
  const hmac = createShortHmac(secret, 'base64url');
  const expected = Buffer.alloc(SIGNATURE_LENGTH);
  const given = Buffer.alloc(SIGNATURE_LENGTH);
  let knownHeader: string | undefined;

  /** The verified payload; undefined: of another form. */
  function readPayload(token: string): Record<string, unknown> | undefined {
    const [headerEnd, payloadEnd] = [token.indexOf('.'), token.lastIndexOf('.')];
    if (headerEnd < 0 || token.slice(0, headerEnd) !== knownHeader) return undefined;
    if (token.length - payloadEnd - 1 !== SIGNATURE_LENGTH) return undefined;
    expected.write(hmac(token.slice(0, payloadEnd)), 'latin1');
    given.write(token.slice(payloadEnd + 1), 'latin1');
    if (!timingSafeEqual(expected, given)) return undefined;
    return JSON.parse(Buffer.from(token.slice(headerEnd + 1, payloadEnd), 'base64url').toString());
  }

  function isUsual(claims: Record<string, unknown>): boolean {
    const { sub, iss, aud, exp, nbf } = claims;
    if (iss !== issuer || aud !== audience || typeof sub !== 'string' || nbf !== undefined) return false;
    return typeof exp === 'number' && Date.now() <= exp * 1000 + clockToleranceMs;
  }

  return (token) => {
    const payload = readPayload(token);
    if (payload && isUsual(payload)) return payload as Claims;
    const claims = verify(token);
    knownHeader = token.slice(0, token.indexOf('.'));
    return claims;
  };
}
