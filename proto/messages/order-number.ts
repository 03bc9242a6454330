import { createHmac, timingSafeEqual } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { type SecretKey, secretKeysOf, signingKey } from '../settings/secret-keys.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const MIDDLE_LENGTH = 26;
const MAC_LENGTH = 10;
// A ULID begins so in the year 10,000 or so, and a middle made from a key once in a million times: then a poll is careful for nothing.
const CAPPED = 'ZZZZ';
const NUMBER = /^([1-9]\d{0,15})-([0-9A-HJKMNP-TV-Z]{26})-([0-9A-HJKMNP-TV-Z]{10})$/;
const nextUlid = monotonicFactory();

/** An order number of the ladder: `{sid}-{ULID}`. It belongs to no buyer, so it carries no MAC. */
export function mintLadderNumber(sid: number): string {
  return `${sid}-${nextUlid()}`;
}

/**
 * An order number, `{sid}-{26 characters}-{MAC}`. The middle is a ULID or, with an idempotency key, made from stock, buyer and
 * key, so that whoever asks again with the same key asks for the same order. The MAC says that it was minted for this buyer.
 * `keys` is a list (parseSecretKeys), of which the current key makes the number. `isCapped`: the buyer has named a highest price, which
 * the number cannot hold; that there is one, it says (isCappedOrderNumber).
 */
export function mintOrderNumber(
  keys: string,
  sid: number,
  buyer: string,
  idempotencyKey?: string,
  isCapped = false,
): string {
  return mintWith(signingKey(keys).secret, sid, buyer, idempotencyKey, isCapped);
}

/** Whether the order of this number has a highest price. */
export function isCappedOrderNumber(orderNo: string): boolean {
  return NUMBER.exec(orderNo)?.[2]?.startsWith(CAPPED) ?? false;
}

/** The numbers that an idempotency key has with each of the keys, the current key's first. */
export function orderNumbersOf(
  keys: string,
  sid: number,
  buyer: string,
  idempotencyKey: string,
  isCapped = false,
): string[] {
  return secretKeysOf(keys).map(({ secret }) => mintWith(secret, sid, buyer, idempotencyKey, isCapped));
}

function mintWith(secret: string, sid: number, buyer: string, idempotencyKey?: string, isCapped = false): string {
  const free =
    idempotencyKey === undefined ? nextUlid() : digest(secret, ['key', sid, buyer, idempotencyKey], MIDDLE_LENGTH);
  // What a ULID begins with is its time: the end is what makes it one of its own.
  const middle = isCapped ? `${CAPPED}${free.slice(CAPPED.length)}` : free;
  return `${sid}-${middle}-${digest(secret, ['no', sid, middle, buyer], MAC_LENGTH)}`;
}

/** The stock of an order number that one of the keys minted for this buyer, or null for any other text. */
export function stockOfOrderNumber(keys: string, orderNo: string, buyer: string): number | null {
  const parts = NUMBER.exec(orderNo);
  if (!parts) return null;
  const [, sidText = '', middle = '', mac = ''] = parts;
  const sid = Number(sidText);
  if (!Number.isSafeInteger(sid)) return null;
  const isOurs = ({ secret }: SecretKey) =>
    timingSafeEqual(Buffer.from(mac), Buffer.from(digest(secret, ['no', sid, middle, buyer], MAC_LENGTH)));
  return secretKeysOf(keys).some(isOurs) ? sid : null;
}

/** HMAC-SHA-256 of the parts, each with its length before it so that no two lists are alike, in Crockford's base 32. */
function digest(key: string, parts: (string | number)[], length: number): string {
  const text = parts.map((part) => `${Buffer.byteLength(String(part))}:${part}`).join('');
  const bytes = createHmac('sha256', key).update(text).digest();
  let encoded = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5 && encoded.length < length) {
      bits -= 5;
      encoded += CROCKFORD[(held >>> bits) & 31];
    }
    held &= (1 << bits) - 1;
    if (encoded.length === length) break;
  }
  return encoded;
}
