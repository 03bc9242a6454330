import { createHmac, timingSafeEqual } from 'node:crypto';
import { findKey, type SecretKey, secretKeysOf, signingKey } from '../settings/secret-keys.ts';

/** The headers of Standard Webhooks, signed with the current secret of the list. */
export function signWebhook(secrets: string, id: string, body: string): Record<string, string> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': webhookSignature(signingKey(secrets).secret, id, timestamp, body),
  };
}

const TOLERANCE_SECONDS = 300;

/**
 * Whether these headers are a valid signature of the body by one of the secrets, not older or newer than 300 s. With Node's own HMAC: that of
 * the package `standardwebhooks` is JavaScript and was a fifth of the CPU time of a webhook. The tests sign with the package.
 */
export function isSigned(secrets: string, headers: Record<string, unknown>, body: Buffer): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof signatures !== 'string') return false;
  if (id === '' || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(Math.floor(Date.now() / 1000) - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const given = signatures.split(' ').map((signature) => Buffer.from(signature));
  const hasSigned = ({ secret }: SecretKey) => {
    const valid = Buffer.from(webhookSignature(secret, id, timestamp, body));
    return given.some((signature) => signature.length === valid.length && timingSafeEqual(signature, valid));
  };
  return findKey(secretKeysOf(secrets), hasSigned) !== undefined;
}

/** One signature of the header `webhook-signature` (Standard Webhooks). */
export function webhookSignature(secret: string, id: string, timestamp: string, body: string | Buffer): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;
}
