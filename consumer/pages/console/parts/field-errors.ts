import type { Problem } from '../../call-api.ts';

type Wrong = { field: string; message: string };

/** A text with its `value`; `fieldOther`: the API's own message. */
export type FieldError = {
  text:
    | 'fieldNeeded'
    | 'fieldEmpty'
    | 'fieldWhole'
    | 'fieldNumber'
    | 'fieldMin'
    | 'fieldMax'
    | 'fieldLong'
    | 'fieldDecimals'
    | 'fieldNoDecimals'
    | 'fieldCurrency'
    | 'fieldTime'
    | 'fieldJson'
    | 'fieldSkipped'
    | 'fieldAfterOpening'
    | 'fieldAfterEntries'
    | 'fieldAfterEntriesOpen'
    | 'fieldOneUnit'
    | 'fieldLongAgo'
    | 'fieldEnded'
    | 'fieldSold'
    | 'fieldTaken'
    | 'fieldOther';
  value: string;
};

/** From a message of the API to a text of this page. The first matching pattern counts. */
const MEANINGS: [RegExp, FieldError['text']][] = [
  [/required property|is required/, 'fieldNeeded'],
  [/after entries_open/, 'fieldAfterEntriesOpen'],
  [/before entries_close/, 'fieldAfterEntries'],
  [/must be 1 with/, 'fieldOneUnit'],
  [/fewer than 1 (?:characters|items)/, 'fieldEmpty'],
  [/must be integer/, 'fieldWhole'],
  [/must be >= (-?\d+)/, 'fieldMin'],
  [/must be <= (-?\d+)/, 'fieldMax'],
  [/more than (\d+) characters/, 'fieldLong'],
  [/(?:more than|at most|exceeds?) (\d+) units/, 'fieldMax'],
  [/pattern.*\[A-Z\]|ISO 4217|currency/, 'fieldCurrency'],
  [/(?:after|later than) opens/, 'fieldAfterOpening'],
  [/ended too long ago/, 'fieldEnded'],
  [/days ago|in the past/, 'fieldLongAgo'],
  [/date-time|RFC 3339|time zone|cannot be read/, 'fieldTime'],
];

/** Codes that concern one field. */
const BY_CODE: Record<string, [field: string, text: FieldError['text']]> = {
  units_sold: ['addUnits', 'fieldSold'],
  stock_exists: ['sid', 'fieldTaken'],
};

/** A provider's message about a field is in `detail`, after the field's name. */
const BY_PROVIDER = /^([a-z]+(?:_[a-z]+)*): (.+)$/i;
const NAMES: Record<string, string> = {
  opens_at_ms: 'opensAt',
  closes_at_ms: 'closesAt',
  entries_open_at_ms: 'entriesOpenAt',
  entries_close_at_ms: 'entriesCloseAt',
  price_cents: 'price',
  'price.amount': 'price',
  'price.currency': 'currency',
};

/** The fields that a problem concerns, and the error of each. */
export function fieldErrors({ code, detail = '', errors }: Partial<Problem>): Record<string, FieldError> {
  const known = BY_CODE[code ?? ''];
  if (known) return { [known[0]]: { text: known[1], value: detail } };
  if (code !== 'invalid_request') return {};
  const wrong = Array.isArray(errors) ? (errors as Wrong[]) : readProvider(detail);
  return Object.fromEntries(
    wrong.filter(({ field }) => field).map(({ field, message }) => [NAMES[field] ?? field, meaning(message)]),
  );
}

function readProvider(detail: string): Wrong[] {
  const [, name, message = ''] = BY_PROVIDER.exec(detail) ?? [];
  if (!name) return [];
  const snake = name.toLowerCase();
  const field = NAMES[snake] ?? snake.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());
  return [{ field, message }];
}

function meaning(message: string): FieldError {
  for (const [pattern, text] of MEANINGS) {
    const found = pattern.exec(message);
    if (found) return { text, value: found[1] ?? '' };
  }
  return { text: 'fieldOther', value: message };
}
