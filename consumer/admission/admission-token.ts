import { createHmac, timingSafeEqual } from 'node:crypto';
import { findKey, secretKeysOf, signingKey } from '../../proto/settings/secret-keys.ts';

/** What a token admits: this buyer to this stock, for the opening at this time. A shop may sign tokens itself (docs/bots.md). */
export type Admitted = {
  sid: number;
  /** Milliseconds since 1970; 0: the stock has no opening time. */
  opensAtMs: number;
  buyer: string;
};

const FORM = /^(0|[1-9]\d{0,15})\.([1-9]\d{0,11})\.([A-Za-z0-9_-]{43})$/;

/** `OPENS_AT_MS.EXPIRES_AT_SECONDS.MAC`. `keys` is a list (parseSecretKeys). */
export function signAdmission(keys: string, admitted: Admitted, expiresAtSeconds: number): string {
  return `${admitted.opensAtMs}.${expiresAtSeconds}.${macOf(signingKey(keys).secret, admitted, String(expiresAtSeconds))}`;
}

/** Whether the token is valid now. `opensAtMs` null: the stock could not be read, and a token of any opening is valid. */
export function isAdmission(
  keys: string,
  { sid, buyer, opensAtMs }: Omit<Admitted, 'opensAtMs'> & { opensAtMs: number | null },
  token: unknown,
  nowMs: number,
): boolean {
  const [, opening = '', expiry = '', given = ''] = (typeof token === 'string' && FORM.exec(token)) || [];
  if (given === '' || (opensAtMs !== null && Number(opening) !== opensAtMs)) return false;
  if (Number(expiry) * 1000 <= nowMs) return false;
  const mac = Buffer.from(given);
  const admitted = { sid, buyer, opensAtMs: Number(opening) };
  const hasSigned = ({ secret }: { secret: string }) =>
    timingSafeEqual(Buffer.from(macOf(secret, admitted, expiry)), mac);
  return findKey(secretKeysOf(keys), hasSigned) !== undefined;
}

/** A buyer has no line break: the lines are unambiguous. */
function macOf(secret: string, { sid, opensAtMs, buyer }: Admitted, expiresAtSeconds: string): string {
  const text = `flash-sale/admission/v1\n${sid}\n${opensAtMs}\n${expiresAtSeconds}\n${buyer}`;
  return createHmac('sha256', secret).update(text).digest('base64url');
}
