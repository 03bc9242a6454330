import type { Stock, StockState } from '../../stock.ts';

const RANK: Record<StockState, number> = { open: 0, upcoming: 1, paused: 2, sold_out: 3, closed: 4 };

/**
 * The sequence of the cards: what can be bought, then what opens next, then the rest, newest first. What is shown already is not
 * sorted again; what is new comes before the first that it outranks.
 */
export function arrangeStocks(shown: readonly number[], stocks: readonly Stock[]): number[] {
  const there = new Map(stocks.map((stock) => [stock.sid, stock]));
  const known = new Set(shown);
  const added = stocks.filter(({ sid }) => !known.has(sid)).sort(compare);
  const arranged = shown.flatMap((sid) => there.get(sid) ?? []);
  for (const stock of added) {
    const at = arranged.findIndex((other) => compare(stock, other) < 0);
    arranged.splice(at < 0 ? arranged.length : at, 0, stock);
  }
  return arranged.map(({ sid }) => sid);
}

function compare(one: Stock, other: Stock): number {
  const opensMs = ({ state, opensAt }: Stock) => (state === 'upcoming' && opensAt ? Date.parse(opensAt) : 0);
  return RANK[one.state] - RANK[other.state] || opensMs(one) - opensMs(other) || other.sid - one.sid;
}

/** What the buyer is about: `watching` for a unit comes first, and who `has` one does not look at the rest. */
export type Interest = 'watching' | 'has';

/** Which stocks are followed by a stream, at most `most`: browsers have few connections. Those that matter now come first. */
export function chooseFollowed(
  inView: readonly Stock[],
  interests: ReadonlyMap<number, Interest>,
  most: number,
): number[] {
  const rank = ({ sid, state }: Stock) => {
    const interest = interests.get(sid);
    return interest === undefined ? RANK[state] : { watching: -1, has: 9 }[interest];
  };
  const live = inView.filter(({ state }) => state !== 'closed');
  return live
    .toSorted((one, other) => rank(one) - rank(other))
    .slice(0, most)
    .map(({ sid }) => sid);
}
