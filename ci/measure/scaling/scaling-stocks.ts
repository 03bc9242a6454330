import type { Database } from '../../../db/mysql/database.ts';
import { partitionOf } from '../../../proto/kafka/partition-of.ts';
import { createStock } from '../../command/create-stock.ts';

const FIRST_SID = 2_000_001;

/** Creates stocks with consecutive ids, each with `units` units. */
export function createScalingStocks(database: Database) {
  let next = FIRST_SID;

  async function createAll(sids: number[], units: number): Promise<number[]> {
    for (const sid of sids) await createStock(database, { sid, name: `${units} units`, count: units });
    return sids;
  }

  return {
    create: (stocks: number, units: number) =>
      createAll(
        Array.from({ length: stocks }, () => next++),
        units,
      ),
    /** Each stock is on a partition of its own; there must be at least as many partitions as stocks. */
    createOnePerPartition(stocks: number, units: number): Promise<number[]> {
      const sids = new Map<number, number>();
      for (; sids.size < stocks; next += 1) if (!sids.has(partitionOf(next))) sids.set(partitionOf(next), next);
      return createAll([...sids.values()], units);
    },
  };
}
