import type { FieldError } from '../../parts/field-errors.ts';
import { collectFields, needed, readTime } from '../../parts/read-fields.ts';

export type EntryTimeName = 'entriesOpenAt' | 'entriesCloseAt';

type Checked = {
  values: { mode?: 'draw' | 'line'; entriesOpenAt?: string; entriesCloseAt?: string };
  errors: Partial<Record<EntryTimeName | 'opensAt', FieldError>>;
};

/** What a new stock says about its draw: nothing with `rush`. `opensAt`: as read from its field. */
export function checkEntryTimes(
  { mode, entriesOpenAt, entriesCloseAt }: Record<'mode' | EntryTimeName, string>,
  opensAt: string | undefined,
  isUnreadable: (field: EntryTimeName) => boolean,
): Checked {
  if (mode !== 'draw' && mode !== 'line') return { values: {}, errors: {} };
  const { values: times, errors } = collectFields({
    entriesOpenAt: needed(readTime(entriesOpenAt, isUnreadable('entriesOpenAt'))),
    entriesCloseAt: needed(readTime(entriesCloseAt, isUnreadable('entriesCloseAt'))),
  });
  const missing: Checked['errors'] = opensAt === undefined ? { opensAt: { text: 'fieldNeeded', value: '' } } : {};
  return {
    values: { ...times, mode },
    errors: Object.assign(missing, checkSequence(times, opensAt), errors),
  };
}

/** Entries must close after they open, and before the sale opens. */
function checkSequence(
  { entriesOpenAt = '', entriesCloseAt = '' }: Partial<Record<EntryTimeName, string>>,
  opensAt = '',
): Checked['errors'] {
  const closeMs = Date.parse(entriesCloseAt);
  // A missing time is NaN, which is before and after nothing.
  if (closeMs <= Date.parse(entriesOpenAt)) return { entriesCloseAt: { text: 'fieldAfterEntriesOpen', value: '' } };
  return Date.parse(opensAt) < closeMs ? { opensAt: { text: 'fieldAfterEntries', value: '' } } : {};
}
