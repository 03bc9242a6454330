import type { FieldError } from '../parts/field-errors.ts';
import { needed, type Read, readCents, readCurrency, readName, readTime, readWhole } from '../parts/read-fields.ts';
import type { NewStock } from './stocks.ts';

export const MAX_UNITS = 100_000_000;

/** As they are typed. */
export type StockFields = Record<'name' | 'count' | 'price' | 'currency' | 'opensAt' | 'closesAt', string>;
export type StockErrors = Partial<Record<keyof NewStock, FieldError>>;

/** Everything that is wrong with a new stock, at once, by the API's names; or what to send. */
export function checkStock(
  { name, count, price, currency, opensAt, closesAt }: StockFields,
  isUnreadable: (field: 'opensAt' | 'closesAt') => boolean,
): { wish: NewStock; errors: StockErrors } {
  const { wish, errors } = collect({
    name: needed(readName(name)),
    count: needed(readWhole(count, 0, MAX_UNITS)),
    priceCents: needed(readCents(price, currency)),
    currency: readCurrency(currency),
    opensAt: readTime(opensAt, isUnreadable('opensAt')),
    closesAt: readTime(closesAt, isUnreadable('closesAt')),
  });
  return { wish, errors: { ...checkWindow(wish), ...errors } };
}

/** A sale must end after it began. */
export function checkWindow({ opensAt, closesAt }: { opensAt?: string | null; closesAt?: string | null }): StockErrors {
  if (!opensAt || !closesAt || Date.parse(closesAt) > Date.parse(opensAt)) return {};
  return { closesAt: { text: 'fieldAfterOpening', value: '' } };
}

type Reads = { [name in string]: Read<string | number> };

/** What was read of each field, apart from what is wrong with it. */
export function collect<R extends Reads>(
  reads: R,
): { wish: { [name in keyof R]?: NonNullable<R[name]['value']> }; errors: { [name in keyof R]?: FieldError } } {
  const part = <Part extends 'value' | 'error'>(of: Part) =>
    Object.fromEntries(
      Object.entries(reads).flatMap(([name, read]) => (read[of] === undefined ? [] : [[name, read[of]]])),
    );
  return { wish: part('value') as never, errors: part('error') as never };
}
