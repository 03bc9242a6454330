import { createHmac, timingSafeEqual } from 'node:crypto';
import { findKey, type SecretKey } from '../settings/secret-keys.ts';
import { SignedMessageType } from './load-protos.ts';

/** A signature is valid for one purpose only, even if the secrets are the same. */
export type SigningPurpose = 'order record' | 'decisions';

const MAC_BYTES = 16;

/** Wraps the payload in a SignedMessage. */
export function signMessage(purpose: SigningPurpose, { id, secret }: SecretKey, payload: Buffer): Buffer {
  return SignedMessageType.serialize({ payload, keyId: id, mac: macOf(purpose, secret, payload) });
}

/** The payload of a SignedMessage that one of the keys signed; null for all other bytes. */
export function verifySignedMessage(purpose: SigningPurpose, keys: SecretKey[], bytes: Buffer): Buffer | null {
  try {
    const { payload, keyId, mac } = SignedMessageType.deserialize(bytes);
    if (mac.length !== MAC_BYTES) return null;
    const hasSigned = ({ id, secret }: SecretKey) =>
      id === keyId && timingSafeEqual(mac, macOf(purpose, secret, payload));
    return findKey(keys, hasSigned) ? payload : null;
  } catch {
    return null;
  }
}

function macOf(purpose: SigningPurpose, secret: string, payload: Buffer): Buffer {
  return createHmac('sha256', secret).update(`${purpose}\n`).update(payload).digest().subarray(0, MAC_BYTES);
}
