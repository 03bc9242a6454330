import type { Random } from '../world/seeded-random.ts';
import { type EntryPlan, planEntries } from './plan-entries.ts';
import { type GatewayPlan, planGateway } from './plan-gateway.ts';
import { planQuantities, type QuantityPlan } from './plan-quantities.ts';
import { planTerms, type StockTerms, type TermsChange } from './plan-terms.ts';

export type PlannedStock = StockTerms & {
  sid: number;
  count: number;
  kind: 'sale' | 'ladder';
  maxPerOrder: number;
  /** Units go to offers from the beginning. */
  mode?: 'draw' | 'line' | 'rush';
};

/** The sale of one run: stocks, processes and buyers. */
export type Sale = {
  stocks: PlannedStock[];
  /** Changes that an administrator makes during the storm. */
  changes: TermsChange[];
  consumers: number;
  providers: number;
  workers: number;
  buyers: number;
  /** Duration of the storm, in which faults happen. */
  stormMs: number;
  /** Time in which all buyers come. Short: their orders travel in one batch. */
  rushMs: number;
  payWithinMs: number;
  /** Buyers start and finish their payments at multiples of this time, so that several payments share a transaction; 1: at any time. */
  paymentTickMs: number;
  orderWaitMs: number;
  /** Decisions a second that a consumer expects. */
  assumedRate: number;
  placeBatch: number;
  decideBatch: number;
  /** Seconds for which a buyer is kept out of a stock after a cancelled or expired order; 0: none. */
  cooldownSeconds: number;
  /** Some requests have no valid admission token. */
  isAdmitting: boolean;
  /** Null: payments without sessions. */
  gateway: GatewayPlan | null;
  /** Probability that a provider writes records of one order, as the release before. */
  oldRecords: number;
  quantities: QuantityPlan;
  /** Null: no stock has entries. */
  entries: EntryPlan | null;
};

// 4 and 15 share a partition; with three partitions, two may wait while one is decided.
const SIDS = [4, 7, 3, 15];
/** Shares the partition of 3. */
const LADDER_SID = 12;

export function planSale(random: Random, seed: number): Sale {
  const sids = SIDS.slice(0, random.pick([1, 1, 2, 3, 4]));
  const stormMs = random.between(2000, 6000);
  const quantities = planQuantities(seed);
  const hasTerms = random.chance(0.5);
  const changes: TermsChange[] = [];
  const stocks = sids.map((sid): PlannedStock => {
    const terms = planTerms(random, sid, stormMs, hasTerms);
    changes.push(...terms.changes);
    const count = random.whole(1, 5) + quantities.nextMoreUnits();
    return { sid, count, kind: 'sale', maxPerOrder: quantities.nextMaxPerOrder(), ...terms.atFirst };
  });
  const buyers = random.whole(5, 10) * Math.min(2, stocks.length);
  const ladder = {
    sid: LADDER_SID,
    count: random.whole(1, 3),
    kind: 'ladder' as const,
    priceCents: 1999,
    maxPerOrder: 1,
  };
  if (random.chance(0.3)) stocks.push({ ...ladder, opensAfterMs: null, closesAfterMs: null });
  const entries = planEntries(seed, stormMs);
  if (entries) {
    const terms = planTerms(random, entries.sid, stormMs, hasTerms);
    changes.push(...terms.changes);
    const { sid, count, mode } = entries;
    stocks.push({ sid, count, mode, kind: 'sale', maxPerOrder: 1, ...terms.atFirst });
  }
  // Details are written only when no process writes the records of the release before.
  const oldRecords = random.pick([0, 0, 0.5]);
  return {
    stocks,
    changes,
    buyers,
    consumers: 2,
    providers: random.whole(2, 3),
    workers: random.whole(1, 3),
    stormMs,
    rushMs: random.pick([20, 500, stormMs]),
    payWithinMs: random.pick([1200, 2500, 60_000]),
    paymentTickMs: random.pick([1, 500, 500]),
    orderWaitMs: random.pick([300, 2000]),
    assumedRate: random.pick([1, 1000]),
    placeBatch: random.pick([2, 500]),
    decideBatch: random.pick([3, 1000]),
    oldRecords: quantities.varies ? 0 : oldRecords,
    quantities,
    entries,
    cooldownSeconds: seed % 3 === 0 ? 1 : 0,
    isAdmitting: seed % 5 === 0,
    gateway: planGateway(seed, stormMs),
  };
}
