import { createHmac, hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** Longer texts, and longer keys than a block, go to `createHmac`. */
const MAX_TEXT_BYTES = 2048;

/**
 * HMAC-SHA-256 (RFC 2104) of short texts with one key. Two one-shot hashes without an object and a buffer for each: 0.9 µs,
 * where `createHmac` takes 2.5, and half of its time in a new process.
 */
export function createShortHmac(key: string, encoding: 'hex' | 'base64url'): (text: string) => string {
  const keyBytes = Buffer.byteLength(key);
  const inner = Buffer.alloc(BLOCK_BYTES + MAX_TEXT_BYTES);
  const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);
  if (keyBytes <= BLOCK_BYTES) {
    inner.write(key);
    outer.write(key);
    for (let i = 0; i < BLOCK_BYTES; i += 1) {
      inner[i] = (inner[i] as number) ^ 0x36;
      outer[i] = (outer[i] as number) ^ 0x5c;
    }
  }
  return (text) => {
    // A character has at most three bytes of UTF-8.
    const isShort = text.length * 3 <= MAX_TEXT_BYTES && keyBytes <= BLOCK_BYTES;
    if (!isShort) return createHmac('sha256', key).update(text).digest(encoding);
    const end = BLOCK_BYTES + inner.write(text, BLOCK_BYTES);
    outer.write(hash('sha256', inner.subarray(0, end)), BLOCK_BYTES, 'hex');
    return hash('sha256', outer, encoding);
  };
}
