import type { Database } from '../../../db/mysql/database.ts';
import { insertStock } from '../../../db/stocks/stock-table.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';

const FIRST_SID = 2_000_001;

/** Puts new stocks up for sale, so many with so many units each. */
export function createStockMaker(database: Database) {
  let next = FIRST_SID;

  async function makeAll(sids: number[], units: number): Promise<number[]> {
    await database.session(async (session) => {
      for (const sid of sids) {
        const more = { currency: 'CNY', priceCents: 1999, opensAtMs: null, closesAtMs: null, paused: false } as const;
        const made = await insertStock(session, { sid, name: `${units} units`, kind: 'sale', count: units, ...more });
        if (!made) throw new Error(`stock ${sid} is there already`);
      }
    });
    return sids;
  }

  return {
    makeStocks: (stocks: number, units: number) =>
      makeAll(
        Array.from({ length: stocks }, () => next++),
        units,
      ),
    /** No two of them on one partition of the log, of which there must be as many. */
    makeApart(stocks: number, units: number): Promise<number[]> {
      const sids = new Map<number, number>();
      for (; sids.size < stocks; next += 1) if (!sids.has(partitionOf(next))) sids.set(partitionOf(next), next);
      return makeAll([...sids.values()], units);
    },
  };
}
