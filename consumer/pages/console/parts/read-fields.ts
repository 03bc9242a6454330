import { currencyDigits } from '../../../../proto/messages/currency-digits.ts';
import type { FieldError } from './field-errors.ts';
import { readLocalTime } from './read-local-time.ts';

// Reads typed text as values for the API, or as errors. The limits are those of the API.

const MAX_NAME = 100;
const MAX_CENTS = 1_000_000_000_000;
const DEFAULT_CURRENCY = 'CNY';

/** Without value and error: the field is empty. */
export type Read<T> = { value?: T; error?: FieldError };

const wrong = (text: FieldError['text'], value: string | number = '') => ({ error: { text, value: String(value) } });

/** For a field that must not be empty. */
export function needed<T>(read: Read<T>): Read<T> {
  return read.value === undefined && !read.error ? wrong('fieldNeeded') : read;
}

export function readName(text: string): Read<string> {
  const value = text.trim();
  if (value === '') return {};
  return [...value].length > MAX_NAME ? wrong('fieldLong', MAX_NAME) : { value };
}

export function readWhole(text: string, min: number, max: number): Read<number> {
  const bare = text.trim();
  if (bare === '') return {};
  if (!/^[+-]?\d+$/.test(bare)) return wrong('fieldWhole');
  const value = Number(bare);
  if (value < min) return wrong('fieldMin', min);
  return value > max ? wrong('fieldMax', max) : { value };
}

/** A price such as 19.99 in the currency's smallest unit. Digit by digit: 19.99 × 100 is not 1999. */
export function readCents(text: string, currency: string): Read<number> {
  const bare = text.trim();
  if (bare === '') return {};
  const [, units, decimals = ''] = /^\+?(\d+)(?:\.(\d*))?$/.exec(bare) ?? [];
  if (units === undefined) return /^-\d/.test(bare) ? wrong('fieldMin', 0) : wrong('fieldNumber');
  const digits = currencyDigits(readCurrency(currency).value ?? DEFAULT_CURRENCY);
  // 1.500 is 1.50; 1.999 is an error.
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

/** Reads a datetime-local field as a local time. `isUnreadable`: the typed time is incomplete. */
export function readTime(text: string, isUnreadable: boolean): Read<string> {
  if (isUnreadable) return wrong('fieldTime');
  if (text === '') return {};
  const read = readLocalTime(text);
  if (read === null) return wrong('fieldTime');
  return read.skippedTo ? wrong('fieldSkipped', read.skippedTo) : { value: new Date(read.ms).toISOString() };
}

type Reads = { [name in string]: Read<string | number> };

/** The values that were read, and the errors, by field. */
export function collectFields<R extends Reads>(
  reads: R,
): { values: { [name in keyof R]?: NonNullable<R[name]['value']> }; errors: { [name in keyof R]?: FieldError } } {
  const part = <Part extends 'value' | 'error'>(of: Part) =>
    Object.fromEntries(
      Object.entries(reads).flatMap(([name, read]) => (read[of] === undefined ? [] : [[name, read[of]]])),
    );
  return { values: part('value') as never, errors: part('error') as never };
}
