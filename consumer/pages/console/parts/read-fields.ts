import type { FieldError } from './field-errors.ts';
import { readLocalTime } from './read-local-time.ts';
import { decimalsOf } from './write-price.ts';

// From what was typed to what the API takes, or what is wrong with it. Limits are those of the API.

const MAX_NAME = 100;
const MAX_CENTS = 1_000_000_000_000;
const DEFAULT_CURRENCY = 'CNY';

/** Neither a value nor an error: the field is empty. */
export type Read<T> = { value?: T; error?: FieldError };

const wrong = (text: FieldError['text'], value: string | number = '') => ({ error: { text, value: String(value) } });

/** An error where there is no value: for a field that must not be empty. */
export function needed<T>(read: Read<T>): Read<T> {
  return read.value === undefined && !read.error ? wrong('fieldNeeded') : read;
}

export function readName(text: string): Read<string> {
  const value = text.trim();
  if (value === '') return {};
  return [...value].length > MAX_NAME ? wrong('fieldLong', MAX_NAME) : { value };
}

export function readWhole(text: string, least: number, most: number): Read<number> {
  const bare = text.trim();
  if (bare === '') return {};
  if (!/^[+-]?\d+$/.test(bare)) return wrong('fieldWhole');
  const value = Number(bare);
  if (value < least) return wrong('fieldMin', least);
  return value > most ? wrong('fieldMax', most) : { value };
}

/** A price such as 19.99 in the currency's smallest unit. Digit by digit: 19.99 × 100 is not 1999. */
export function readCents(text: string, currency: string): Read<number> {
  const bare = text.trim();
  if (bare === '') return {};
  const [, units, decimals = ''] = /^\+?(\d+)(?:\.(\d*))?$/.exec(bare) ?? [];
  if (units === undefined) return /^-\d/.test(bare) ? wrong('fieldMin', 0) : wrong('fieldNumber');
  const digits = decimalsOf(readCurrency(currency).value ?? DEFAULT_CURRENCY);
  // 1.500 is 1.50, and 1.999 is none.
  const kept = decimals.replace(/0+$/, '');
  if (kept.length > digits) return digits === 0 ? wrong('fieldNoDecimals') : wrong('fieldDecimals', digits);
  const value = Number(`${units}${kept.padEnd(digits, '0')}`);
  return value > MAX_CENTS ? wrong('fieldMax', MAX_CENTS / 10 ** digits) : { value };
}

export function readCurrency(text: string): Read<string> {
  const value = text.trim().toUpperCase();
  if (value === '') return {};
  return /^[A-Z]{3}$/.test(value) ? { value } : wrong('fieldCurrency');
}

/** What a datetime-local field holds: a time of this device's zone. `isUnreadable`: something is typed that is no whole time. */
export function readTime(text: string, isUnreadable: boolean): Read<string> {
  if (isUnreadable) return wrong('fieldTime');
  if (text === '') return {};
  const read = readLocalTime(text);
  if (read === null) return wrong('fieldTime');
  return read.skippedTo ? wrong('fieldSkipped', read.skippedTo) : { value: new Date(read.ms).toISOString() };
}
