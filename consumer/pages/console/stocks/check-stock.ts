import { checkEntryTimes, type EntryTimeName } from '../draws/form/check-entry-times.ts';
import type { FieldError } from '../parts/field-errors.ts';
import { collectFields, needed, readCents, readCurrency, readName, readTime, readWhole } from '../parts/read-fields.ts';
import type { NewStock } from './stocks.ts';

export const MAX_UNITS = 100_000_000;

export type TimeName = 'opensAt' | 'closesAt' | EntryTimeName;
/** As typed. */
export type StockFields = Record<'name' | 'count' | 'price' | 'currency' | 'mode' | TimeName, string>;
export type StockErrors = Partial<Record<keyof NewStock | 'currency', FieldError>>;

/** The values to send for a new stock, and all errors at once, by the API's names. */
export function checkStock(
  fields: StockFields,
  isUnreadable: (field: TimeName) => boolean,
): { values: NewStock; errors: StockErrors } {
  const { name, count, price, currency, opensAt, closesAt } = fields;
  const { values: read, errors } = collectFields({
    name: needed(readName(name)),
    count: needed(readWhole(count, 0, MAX_UNITS)),
    price: needed(readCents(price, currency)),
    currency: needed(readCurrency(currency)),
    opensAt: readTime(opensAt, isUnreadable('opensAt')),
    closesAt: readTime(closesAt, isUnreadable('closesAt')),
  });
  const { price: amount, currency: code, ...rest } = read;
  const draw = checkEntryTimes(fields, rest.opensAt, isUnreadable);
  const values = Object.assign(rest, draw.values);
  return {
    values: amount === undefined || code === undefined ? values : { ...values, price: { amount, currency: code } },
    errors: { ...checkWindow(values), ...draw.errors, ...errors },
  };
}

/** A sale must close after it opens. */
export function checkWindow({ opensAt, closesAt }: { opensAt?: string | null; closesAt?: string | null }): StockErrors {
  if (!opensAt || !closesAt || Date.parse(closesAt) > Date.parse(opensAt)) return {};
  return { closesAt: { text: 'fieldAfterOpening', value: '' } };
}
