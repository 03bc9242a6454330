import type { Session } from '../mysql/database.ts';
import { takeUnits } from './take-units.ts';

/** Units, also 0, to take from a stock that still has this version. */
export type UnitsToTake = { sid: number; version: number; units: number };

/**
 * The version check of several stocks in one statement, which locks them in the given order: all transactions use the order of ids.
 * False: one of the stocks was changed, and the transaction must be rolled back, because units of the others are taken.
 */
export async function takeUnitsOfStocks(session: Session, stocks: UnitsToTake[]): Promise<boolean> {
  const [only] = stocks;
  if (!only) return true;
  if (stocks.length === 1) return takeUnits(session, only.sid, only.version, only.units);
  const others = ' UNION ALL SELECT ?, ?, ?'.repeat(stocks.length - 1);
  // STRAIGHT_JOIN: each stock is found by its key. In the other direction the statement would wait for stocks that it does not change.
  const changed = await session.change(
    `UPDATE (SELECT ? AS sid, ? AS version, ? AS units${others}) taken STRAIGHT_JOIN stock s ON s.id = taken.sid
     SET s.sale = s.sale + taken.units, s.version = s.version + 1
     WHERE s.version = taken.version AND s.sale + taken.units <= s.count`,
    stocks.flatMap(({ sid, version, units }) => [sid, version, units]),
  );
  return changed === stocks.length;
}
