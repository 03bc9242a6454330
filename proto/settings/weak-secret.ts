/** Minimum length of a secret. */
export const SECRET_LENGTH = 32;

const MIN_DISTINCT = 8;
/** Parts of secrets from documents and examples. */
const KNOWN =
  /change.?me|example|default|password|your-256-bit|placeholder|insecure|secret-?key|0123456789|12345678|abcdefgh|qwerty/i;

/** Why a secret can be guessed; null if it cannot. */
export function weakSecret(secret: string): string | null {
  if (secret.length < SECRET_LENGTH) return `has fewer than ${SECRET_LENGTH} characters`;
  if (new Set(secret).size < MIN_DISTINCT) return 'repeats a few characters';
  if (isRepeated(secret)) return 'repeats a short text';
  if (KNOWN.test(secret)) return 'is a known default or an example';
  return null;
}

function isRepeated(secret: string): boolean {
  const at = (secret + secret).indexOf(secret, 1);
  return at <= secret.length / 2;
}
