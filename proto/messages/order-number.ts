import { createHmac, timingSafeEqual } from 'node:crypto';
import { monotonicFactory } from 'ulid';
import { findKey, type SecretKey, secretKeysOf, signingKey } from '../settings/secret-keys.ts';
import { type GivenDetails, hasDetails } from './order-details.ts';
import { randomFraction } from './random-fraction.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const MIDDLE_LENGTH = 26;
const MAC_LENGTH = 10;
/** What an order number says of its order, besides stock and buyer: `capped`: it has a price limit; `detailed`: several units, a reference or metadata. */
export type NumberKind = 'plain' | 'capped' | 'detailed';

// A ULID has these prefixes after the year 10,000, and a digest of a key once in a million times: a poll then does an unnecessary check.
const PREFIXES = { plain: '', capped: 'ZZZZ', detailed: 'ZZZY' } as const satisfies Record<NumberKind, string>;
const NUMBER = /^([1-9]\d{0,15})-([0-9A-HJKMNP-TV-Z]{26})-([0-9A-HJKMNP-TV-Z]{10})$/;
const nextUlid = monotonicFactory(randomFraction);

/** An order number of the ladder: `{sid}-{ULID}`. It has no buyer and therefore no MAC. */
export function mintLadderNumber(sid: number): string {
  return `${sid}-${nextUlid()}`;
}

/**
 * Creates an order number, `{sid}-{26 characters}-{MAC}`. The middle is a ULID or, with an idempotency key, a digest of stock, buyer and key,
 * so that a repeat with the same key has the same number. The MAC proves that it was created for this buyer. `keys` is a list
 * (parseSecretKeys), of which the current key signs. A poll that has the number alone must not send another order than the buyer's, so the number
 * has its kind (kindOfOrderNumber).
 */
export function mintOrderNumber(
  keys: string,
  sid: number,
  buyer: string,
  idempotencyKey?: string,
  kind: NumberKind = 'plain',
): string {
  return mintWith(signingKey(keys).secret, sid, buyer, idempotencyKey, kind);
}

/** The kind of the order of this number. */
export function kindOfOrderNumber(orderNo: string): NumberKind {
  const middle = NUMBER.exec(orderNo)?.[2] ?? '';
  if (middle.startsWith(PREFIXES.detailed)) return 'detailed';
  return middle.startsWith(PREFIXES.capped) ? 'capped' : 'plain';
}

type OrderTerms = GivenDetails & { maxPriceCents?: number | null | undefined };

/** The kind of the number of an order with these terms. */
export function numberKindOf(order: OrderTerms): NumberKind {
  if (hasDetails(order)) return 'detailed';
  return (order.maxPriceCents ?? null) === null ? 'plain' : 'capped';
}

/** The order numbers of an idempotency key, one for each key of the list, the current one first. */
export function orderNumbersOf(
  keys: string,
  sid: number,
  buyer: string,
  idempotencyKey: string,
  kind: NumberKind = 'plain',
): string[] {
  return secretKeysOf(keys).map(({ secret }) => mintWith(secret, sid, buyer, idempotencyKey, kind));
}

function mintWith(
  secret: string,
  sid: number,
  buyer: string,
  idempotencyKey: string | undefined,
  kind: NumberKind,
): string {
  const free =
    idempotencyKey === undefined ? nextUlid() : digest(secret, ['key', sid, buyer, idempotencyKey], MIDDLE_LENGTH);
  // Only the time of a ULID is replaced; its random part keeps it unique.
  const prefix = PREFIXES[kind];
  const middle = `${prefix}${free.slice(prefix.length)}`;
  return `${sid}-${middle}-${digest(secret, ['no', sid, middle, buyer], MAC_LENGTH)}`;
}

/** The stock of an order number that one of the keys signed for this buyer; null for any other text. */
export function stockOfOrderNumber(keys: string, orderNo: string, buyer: string): number | null {
  const parts = NUMBER.exec(orderNo);
  if (!parts) return null;
  const [, sidText = '', middle = '', mac = ''] = parts;
  const sid = Number(sidText);
  if (!Number.isSafeInteger(sid)) return null;
  const hasSigned = ({ secret }: SecretKey) =>
    timingSafeEqual(Buffer.from(mac), Buffer.from(digest(secret, ['no', sid, middle, buyer], MAC_LENGTH)));
  return findKey(secretKeysOf(keys), hasSigned) ? sid : null;
}

/** HMAC-SHA-256 in Crockford's base 32. Each part is prefixed with its length, so that different lists have different inputs. */
function digest(key: string, parts: (string | number)[], length: number): string {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(String(part))}:${part}`;
  return encode(createHmac('sha256', key).update(text).digest('hex'), length);
}

/** Every two characters of base 32, by their 10 bits. */
const PAIRS = Array.from({ length: 1024 }, (_, bits) => `${CROCKFORD[bits >> 5]}${CROCKFORD[bits & 31]}`);

/** The first `length` characters in base 32. Five characters of hexadecimal, 20 bits, are four of base 32. */
function encode(hex: string, length: number): string {
  let text = '';
  for (let at = 0; text.length < length; at += 5) {
    const bits = Number.parseInt(hex.slice(at, at + 5), 16);
    text += `${PAIRS[bits >> 10]}${PAIRS[bits & 1023]}`;
  }
  return text.slice(0, length);
}
