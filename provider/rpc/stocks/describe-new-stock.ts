import type { NewStock } from '../../../db/stocks/stock-table.ts';

/** The fields of a new stock for the log of actions: those that are set. */
export function describeNewStock({ sid: _, paused: __, details, ...fields }: NewStock): object {
  const isSet = ([, value]: [string, unknown]) => value !== null;
  return Object.fromEntries(Object.entries({ ...fields, ...details }).filter(isSet));
}
