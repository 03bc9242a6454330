import { createHmac, timingSafeEqual } from 'node:crypto';
import { findKey, secretKeysOf, signingKey } from '../../proto/settings/secret-keys.ts';
import { Problem } from './problem.ts';

const MAC = /^(.*)\.([\w-]{16})$/;
const MAC_BYTES = 12;

/** Signs a cursor for clients. It is valid for this `list` only, such as one buyer's orders. `keys` as in parseSecretKeys. */
export function signCursor(keys: string, list: string, cursor: string): string {
  return Buffer.from(`${cursor}.${macOf(signingKey(keys).secret, list, cursor)}`).toString('base64url');
}

/** The cursor of a page of this list. Throws Problem `invalid_request` for a cursor that this system did not sign. */
export function verifyCursor(keys: string, list: string, text: string): string {
  const [, cursor = '', mac = ''] = MAC.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  const key = findKey(
    secretKeysOf(keys),
    ({ secret }) => mac !== '' && timingSafeEqual(Buffer.from(mac), Buffer.from(macOf(secret, list, cursor))),
  );
  if (key) return cursor;
  const detail = 'cursor is not the nextCursor of a page of this list';
  const errors = [{ in: 'querystring', field: 'cursor', message: 'is not the nextCursor of a page of this list' }];
  throw new Problem('invalid_request', detail, { errors });
}

function macOf(secret: string, list: string, cursor: string): string {
  const text = `cursor\n${Buffer.byteLength(list)}:${list}${cursor}`;
  return createHmac('sha256', secret).update(text).digest().subarray(0, MAC_BYTES).toString('base64url');
}
