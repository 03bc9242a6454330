import type { Stock } from '../../stock.ts';

/**
 * The stock that sold most between two reads of the list, unless the chosen one sold something; null: keep the chosen one.
 * `before`: the units that each stock had sold.
 */
export function findTraffic(
  before: ReadonlyMap<string, number>,
  now: readonly Pick<Stock, 'sid' | 'sold'>[],
  chosen: string | null,
): string | null {
  const grown = now
    .map(({ sid, sold }) => ({ sid, by: sold - (before.get(sid) ?? sold) }))
    .filter(({ by }) => by > 0)
    .sort((a, b) => b.by - a.by);
  return grown.some(({ sid }) => sid === chosen) ? null : (grown[0]?.sid ?? null);
}
