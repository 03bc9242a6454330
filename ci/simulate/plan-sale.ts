import type { Random } from './seeded-random.ts';

/** What is sold in one run, by and to whom. */
export type Sale = {
  stocks: { sid: number; count: number }[];
  consumers: number;
  providers: number;
  workers: number;
  buyers: number;
  /** Buyers come, and faults happen, for so long. */
  stormMs: number;
  /** Of these, in how many the buyers come: all at once, so that their orders travel together, or spread. */
  rushMs: number;
  payWithinMs: number;
  orderWaitMs: number;
  placeBatch: number;
  decideBatch: number;
};

// 4 and 15 share a partition of the log, the others have one each: with three, two may wait while one is decided.
const SIDS = [4, 7, 3, 15];

export function planSale(random: Random): Sale {
  const stocks = SIDS.slice(0, random.pick([1, 1, 2, 3, 4])).map((sid) => ({ sid, count: random.whole(1, 5) }));
  const stormMs = random.between(2000, 6000);
  return {
    stocks,
    consumers: 2,
    providers: random.whole(2, 3),
    workers: random.whole(1, 3),
    buyers: random.whole(5, 10) * Math.min(2, stocks.length),
    ...{ stormMs, rushMs: random.pick([20, 500, stormMs]) },
    payWithinMs: random.pick([1200, 2500, 60_000]),
    orderWaitMs: random.pick([300, 2000]),
    placeBatch: random.pick([2, 500]),
    decideBatch: random.pick([3, 1000]),
  };
}
