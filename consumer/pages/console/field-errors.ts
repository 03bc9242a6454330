import type { Problem } from '../call-api.ts';

type Wrong = { field: string; message: string };

/** Texts of `texts.ts`, or what the API said where it is not known here. */
export type FieldError = {
  text:
    | 'fieldNeeded'
    | 'fieldEmpty'
    | 'fieldWhole'
    | 'fieldMin'
    | 'fieldMax'
    | 'fieldLong'
    | 'fieldCurrency'
    | 'fieldSold'
    | 'fieldTaken'
    | 'fieldOther';
  value: string;
};

/** What the API calls wrong, as a text of the page. The first pattern that fits counts. */
const MEANINGS: [RegExp, FieldError['text']][] = [
  [/required property/, 'fieldNeeded'],
  [/fewer than 1 (?:characters|items)/, 'fieldEmpty'],
  [/must be integer/, 'fieldWhole'],
  [/must be >= (-?\d+)/, 'fieldMin'],
  [/must be <= (-?\d+)/, 'fieldMax'],
  [/more than (\d+) characters/, 'fieldLong'],
  [/pattern.*\[A-Z\]/, 'fieldCurrency'],
];

/** Refusals that are about one field, whatever the call. */
const BY_CODE: Record<string, [field: string, text: FieldError['text']]> = {
  units_sold: ['addUnits', 'fieldSold'],
  stock_exists: ['sid', 'fieldTaken'],
};

/** Which fields a problem is about, and what is wrong with each. */
export function fieldErrors(problem: Partial<Problem>): Record<string, FieldError> {
  const known = BY_CODE[problem.code ?? ''];
  if (known) return { [known[0]]: { text: known[1], value: problem.detail ?? '' } };
  const errors = (Array.isArray(problem.errors) ? problem.errors : []) as Wrong[];
  return Object.fromEntries(errors.filter(({ field }) => field).map(({ field, message }) => [field, meaning(message)]));
}

function meaning(message: string): FieldError {
  for (const [pattern, text] of MEANINGS) {
    const found = pattern.exec(message);
    if (found) return { text, value: found[1] ?? '' };
  }
  return { text: 'fieldOther', value: message };
}
