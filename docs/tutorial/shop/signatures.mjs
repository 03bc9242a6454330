import { createHmac, timingSafeEqual } from 'node:crypto';

const base64url = (value) => Buffer.from(value).toString('base64url');
const hmac = (key, text, encoding) => createHmac('sha256', key).update(text).digest(encoding);

/** A JWT (HS256) that says who this is: `sub` is the buyer. The flash-sale system checks it with the same JWT_SECRET. */
export function signToken(secret, claims) {
  const exp = Math.floor(Date.now() / 1000) + 600;
  const payload = base64url(JSON.stringify({ iss: 'flash-sale', aud: 'flash-sale', exp, ...claims }));
  const signed = `${base64url('{"alg":"HS256","typ":"JWT"}')}.${payload}`;
  return `${signed}.${hmac(secret, signed, 'base64url')}`;
}

const keyOf = (secret) => Buffer.from(secret.replace(/^whsec_/, ''), 'base64');

/** The headers that sign a body as Standard Webhooks (standardwebhooks.com) describe it. */
export function signWebhook(secret, id, body) {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = `v1,${hmac(keyOf(secret), `${id}.${timestamp}.${body}`, 'base64')}`;
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
}

/** Whether the body is signed with the secret, and not longer ago than five minutes. */
export function isSigned(secret, headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < 300)) return false;
  const expected = Buffer.from(`v1,${hmac(keyOf(secret), `${id}.${timestamp}.${body}`, 'base64')}`);
  // During a rotation there are several signatures.
  return signatures.split(' ').some((text) => {
    const given = Buffer.from(text);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
