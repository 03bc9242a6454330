import type { UpdateStockRequestInput } from '../../../../proto/gen/flashsale/v1/UpdateStockRequest.ts';
import type { Random } from '../world/seeded-random.ts';

/** Price and sale window of a stock. Times are milliseconds of the run; null: no bound. */
export type StockTerms = { priceCents: number; opensAfterMs: number | null; closesAfterMs: number | null };

/** A change by an administrator. `request` gets the database's time. */
export type TermsChange = { atMs: number; request(databaseMs: number): UpdateStockRequestInput };

const PRICES = [0, 500, 1999, 1999, 3000];

/** The first terms of a stock and their changes during the storm. `varies` false: on sale all the time. */
export function planTerms(
  random: Random,
  sid: number,
  stormMs: number,
  varies: boolean,
): { atFirst: StockTerms; changes: TermsChange[] } {
  const priceCents = random.pick(PRICES);
  if (!varies) return { atFirst: { priceCents, opensAfterMs: null, closesAfterMs: null }, changes: [] };
  const opensAfterMs = random.chance(0.5) ? random.between(200, stormMs * 0.7) : null;
  const closesAfterMs = random.chance(0.4) ? (opensAfterMs ?? 0) + random.between(200, stormMs * 0.6) : null;
  const changes: TermsChange[] = [];
  for (let times = random.whole(0, 3); times > 0; times -= 1) {
    changes.push(...planChange(random, sid, random.between(0, stormMs), stormMs));
  }
  return { atFirst: { priceCents, opensAfterMs, closesAfterMs }, changes };
}

function planChange(random: Random, sid: number, atMs: number, stormMs: number): TermsChange[] {
  const laterMs = random.between(atMs, stormMs);
  const awayMs = random.between(-500, 1500);
  const priceCents = random.pick(PRICES);
  switch (random.pick(['pause', 'pause', 'price', 'opens', 'closes'])) {
    case 'pause':
      return [
        { atMs, request: () => ({ sid, paused: true }) },
        { atMs: laterMs, request: () => ({ sid, paused: false }) },
      ];
    case 'price':
      return [{ atMs, request: () => ({ sid, priceCents }) }];
    case 'opens':
      return [{ atMs, request: (databaseMs) => ({ sid, opensAtMs: Math.floor(databaseMs + awayMs) }) }];
    default:
      return [
        { atMs, request: (databaseMs) => ({ sid, closesAtMs: Math.floor(databaseMs + awayMs) }) },
        { atMs: laterMs, request: () => ({ sid, clearClosesAt: true }) },
      ];
  }
}
