import type { Session } from '../mysql/database.ts';

/**
 * The version check: takes `units` (also 0) if the stock still has `version` and enough units are left. False: another transaction
 * changed the stock, and decisions based on that version are void.
 */
export async function takeUnits(session: Session, sid: number, version: number, units: number): Promise<boolean> {
  const changed = await session.change(
    'UPDATE stock SET sale = sale + ?, version = version + 1 WHERE id = ? AND version = ? AND sale + ? <= count',
    [units, sid, version, units],
  );
  return changed === 1;
}
