import type { FieldError } from '../parts/field-errors.ts';
import { Field } from '../parts/fields.tsx';
import { type Read, readCents, readWhole } from '../parts/read-fields.ts';
import { writePrice } from '../parts/write-price.ts';
import { translate } from '../texts/translate.ts';
import type { AdminStock, Change } from './stocks.ts';

// What a shop says about a stock, in the forms that create and edit it.

const NAMES = ['reference', 'compareAtPrice', 'maxPerOrder', 'pictureUrl', 'description', 'metadata'] as const;
/** As typed. Metadata is JSON. */
export type TypedDetails = Record<(typeof NAMES)[number], string>;
type Errors = Partial<Record<string, FieldError>>;

export const NO_TYPED_DETAILS: TypedDetails = {
  reference: '',
  compareAtPrice: '',
  maxPerOrder: '1',
  pictureUrl: '',
  description: '',
  metadata: '',
};

export function typedDetailsOf(stock: AdminStock): TypedDetails {
  const { reference, compareAtPrice, maxPerOrder, pictureUrl, description, metadata } = stock;
  return {
    reference: reference ?? '',
    compareAtPrice: compareAtPrice ? writePrice(compareAtPrice.amount, compareAtPrice.currency) : '',
    maxPerOrder: String(maxPerOrder),
    pictureUrl: pictureUrl ?? '',
    description: description ?? '',
    metadata: Object.keys(metadata).length > 0 ? JSON.stringify(metadata) : '',
  };
}

type DetailChange = Pick<Change, keyof TypedDetails>;

/** The details that differ from `before`, and all errors. An empty field removes its detail. The other limits are the API's. */
export function readDetails(typed: TypedDetails, before: TypedDetails, currency: string) {
  const change: DetailChange = {};
  const faults: Errors = {};
  const isNew = (name: keyof TypedDetails) => typed[name].trim() !== before[name].trim();
  const take = <T,>(name: keyof TypedDetails, { value, error }: Read<T>, use: (value: T | null) => void): void => {
    if (!isNew(name)) return;
    if (error) faults[name] = error;
    else use(value ?? null);
  };
  for (const name of ['reference', 'pictureUrl', 'description'] as const) {
    if (isNew(name)) change[name] = typed[name].trim() || null;
  }
  take('compareAtPrice', readCents(typed.compareAtPrice, currency), (amount) => {
    change.compareAtPrice = amount === null ? null : { amount, currency };
  });
  take('maxPerOrder', readWhole(typed.maxPerOrder, 1, 1000), (units) => {
    change.maxPerOrder = units ?? 1;
  });
  take('metadata', readMetadata(typed.metadata), (metadata) => {
    change.metadata = metadata;
  });
  return { change, faults };
}

function readMetadata(text: string): Read<Record<string, string>> {
  if (text.trim() === '') return {};
  try {
    const value = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value };
  } catch {
    // Below.
  }
  return { error: { text: 'fieldJson', value: '' } };
}

type Props = {
  id: string;
  typed: TypedDetails;
  errors: Errors;
  onInput(name: keyof TypedDetails, value: string): void;
};

export function DetailFields({ id, typed, errors, onInput }: Props) {
  return NAMES.map((name) => (
    <Field
      key={name}
      id={`${id}-${name}`}
      label={translate(name)}
      value={typed[name]}
      onInput={(value) => onInput(name, value)}
      error={errors[name] ?? errors[OTHER_NAMES[name] ?? '']}
      isLong={name === 'description'}
      class={name === 'description' || name === 'pictureUrl' || name === 'metadata' ? 'span-3' : ''}
      {...(name === 'metadata' && { hint: '{"key":"text"}' })}
    />
  ));
}

/** The provider's names of fields. */
const OTHER_NAMES: Partial<Record<keyof TypedDetails, string>> = { compareAtPrice: 'compareAtPriceCents' };
