import type { StockToCreate } from '../check-stock-to-create.ts';

/** The fields of a new stock for the log of actions: those that are set. */
export function describeNewStock({ sid: _, paused: __, details, entries, ...fields }: StockToCreate): object {
  const isSet = ([, value]: [string, unknown]) => value !== null;
  return Object.fromEntries(Object.entries({ ...fields, ...entries, ...details }).filter(isSet));
}
