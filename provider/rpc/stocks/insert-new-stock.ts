import { createDraw } from '../../../db/draws/create-draw.ts';
import type { BeaconChain } from '../../../db/draws/plan-round.ts';
import type { Session } from '../../../db/mysql/database.ts';
import { insertStock, type StockInsertion } from '../../../db/stocks/stock-table.ts';
import type { StockToCreate } from '../check-stock-to-create.ts';

export type InsertOptions = {
  isUniqueReference: boolean;
  /** DRAW_KEY. */
  drawKey: string;
  /** Null: no public randomness. */
  beacon: BeaconChain | null;
};

/** Inserts a stock with its draw. */
export async function insertNewStock(
  session: Session,
  { entries, ...stock }: StockToCreate,
  { isUniqueReference, drawKey, beacon }: InsertOptions,
): Promise<StockInsertion> {
  const insertion = await insertStock(session, stock, isUniqueReference);
  if (insertion !== 'INSERTED' || !entries) return insertion;
  await createDraw(session, { sid: stock.sid, count: stock.count, ...entries, beacon, drawKey });
  return insertion;
}
