import { createDraw } from '../draws/create-draw.ts';
import { readLatestDraw } from '../draws/draw-table.ts';
import type { BeaconChain } from '../draws/plan-round.ts';
import type { Database, Transaction } from '../mysql/database.ts';
import { type Pace, realPace, repeatTransaction } from '../mysql/repeat-transaction.ts';
import { findWindowRefusal } from '../orders/sale-window.ts';
import { readStocks, type UnitsAfter } from '../stocks/stock-table.ts';

export type LineOptions = {
  sid: number;
  /** Who joins within this time of the first one is drawn with the others, in milliseconds. */
  lineWindowMs: number;
  /** Null: no public randomness. */
  beacon: BeaconChain | null;
  /** DRAW_KEY. */
  drawKey: string;
  /** Called after a COMMIT that opened the line: other orders are refused from then on. */
  onOpened?(units: UnitsAfter): void;
  pace?: Pace;
  /** Of the seed of its draw. Default: those of node:crypto. */
  randomBytes?(size: number): Buffer;
};

/**
 * Opens the line of a rush stock that is sold out, for its first joiner. True: it has a line, also when another call opened it. False: units are
 * left, the sale is not open, or the stock has no line. Until the line ends, its units go to offers.
 */
export async function openLine(database: Database, options: LineOptions): Promise<boolean> {
  const { pace = realPace, onOpened } = options;
  const opened = await repeatTransaction(database, (transaction) => open(transaction, options), pace);
  if (typeof opened === 'boolean') return opened;
  onOpened?.(opened);
  return true;
}

async function open(transaction: Transaction, options: LineOptions): Promise<UnitsAfter | boolean> {
  const { sid, lineWindowMs, beacon, drawKey, randomBytes } = options;
  // A joiner of a line that gives places waits for the draw, so the stock is locked first, as in all transactions.
  const [stock] = await readStocks(transaction, [sid], true);
  if (stock?.kind !== 'sale' || stock.mode !== 'rush' || stock.maxPerOrder > 1) {
    return transaction.rollBack(false);
  }
  if (stock.offersOnly) return transaction.rollBack(true);
  const { count, sale, version, readAtMs } = stock;
  const refusal = findWindowRefusal(stock, readAtMs);
  // Without any unit there is nothing to give places for, and the rules of a draw name at least one.
  if (count < 1 || sale < count || refusal === 'NOT_OPEN' || refusal === 'CLOSED') return transaction.rollBack(false);
  const changed = await transaction.change(
    'UPDATE stock SET offers_only = 1, version = version + 1 WHERE id = ? AND resting IS NULL',
    [sid],
  );
  if (changed === 0) return transaction.rollBack(false);
  const before = await readLatestDraw(transaction, sid);
  await createDraw(transaction, {
    sid,
    attempt: (before?.attempt ?? 0) + 1,
    count,
    entriesOpenAtMs: readAtMs,
    entriesCloseAtMs: readAtMs + lineWindowMs,
    beacon,
    drawKey,
    randomBytes,
  });
  return { sid, count, sale, version: version + 1 };
}
