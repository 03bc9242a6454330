import type { Stock, StockState } from '../../stock.ts';

const RANK: Record<StockState, number> = { open: 0, upcoming: 1, paused: 2, sold_out: 3, closed: 4 };

/**
 * The order of the cards: open stocks, then upcoming ones by opening time, then the rest, newest first. Displayed cards keep their order; a
 * new card is placed before the first one that it outranks.
 */
export function arrangeStocks(shown: readonly string[], stocks: readonly Stock[]): string[] {
  const listed = new Map(stocks.map((stock) => [stock.sid, stock]));
  const known = new Set(shown);
  const added = stocks.filter(({ sid }) => !known.has(sid)).sort(compare);
  const arranged = shown.flatMap((sid) => listed.get(sid) ?? []);
  for (const stock of added) {
    const at = arranged.findIndex((other) => compare(stock, other) < 0);
    arranged.splice(at < 0 ? arranged.length : at, 0, stock);
  }
  return arranged.map(({ sid }) => sid);
}

function compare(a: Stock, b: Stock): number {
  const opensMs = ({ state, opensAt }: Stock) => (state === 'upcoming' && opensAt ? Date.parse(opensAt) : 0);
  return RANK[a.state] - RANK[b.state] || opensMs(a) - opensMs(b) || Number(b.sid) - Number(a.sid);
}

/** `watching`: the buyer waits for a unit. `has`: the buyer has an active order. */
export type Interest = 'watching' | 'has';

/** The stocks to follow by a stream, at most `max`, the most important first: browsers have few connections. */
export function chooseFollowed(
  inView: readonly Stock[],
  interests: ReadonlyMap<string, Interest>,
  max: number,
): string[] {
  const rank = ({ sid, state }: Stock) => {
    const interest = interests.get(sid);
    return interest === undefined ? RANK[state] : { watching: -1, has: 9 }[interest];
  };
  return inView
    .filter(({ state }) => state !== 'closed')
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, max)
    .map(({ sid }) => sid);
}
