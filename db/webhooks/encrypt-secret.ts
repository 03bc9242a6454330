import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { secretKeysOf, signingKey } from '../../proto/settings/secret-keys.ts';

// Secrets of endpoints are stored encrypted (AES-256-GCM), so that a copy of the database signs no webhook. Bytes: 12 of the nonce, 16 of the
// tag, the rest is the text.

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts with the current key of the list (parseSecretKeys). */
export function encryptSecret(keys: string, secret: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(signingKey(keys).secret), nonce);
  const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}

/** Decrypts with the key of the list that encrypted it. Throws if none did. */
export function decryptSecret(keys: string, bytes: Buffer): string {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const tag = bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
  const text = bytes.subarray(NONCE_BYTES + TAG_BYTES);
  for (const { secret } of secretKeysOf(keys)) {
    const decipher = createDecipheriv('aes-256-gcm', deriveKey(secret), nonce, { authTagLength: TAG_BYTES });
    decipher.setAuthTag(tag);
    try {
      return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
    } catch {
      // Encrypted with another key of the list.
    }
  }
  throw new Error('the secret of a webhook endpoint was encrypted with a key that WEBHOOK_KEY does not have');
}

function deriveKey(secret: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'flash-sale webhook secrets', 32));
}
