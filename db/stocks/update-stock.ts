import type { Knex } from 'knex';
import { ROLL_BACK, useTransaction } from '../mysql/use-session.ts';
import { isLongClosed } from '../orders/purge-rules.ts';
import { type RecordChange, recordNothing } from './admin-action-table.ts';
import { readStocks, type Stock } from './stock-table.ts';

/** Only what is present changes. A null time is none. */
export type StockChange = {
  name?: string;
  priceCents?: number;
  opensAtMs?: number | null;
  closesAtMs?: number | null;
  paused?: boolean;
  hidden?: boolean;
  addUnits?: number;
};

export type StockUpdate =
  | { outcome: 'UPDATED'; stock: Stock }
  | { outcome: 'NO_STOCK' }
  /** More units would be taken away than are left. */
  | { outcome: 'UNITS_SOLD'; left: number }
  /**
   * LONG_CLOSED: its refusals may have been purged, so it cannot be opened again. CLOSES_LONG_AGO: nor can it be closed at such a time,
   * for what is under way would never be told.
   */
  | { outcome: 'TOO_MANY_UNITS' | 'CLOSES_BEFORE_OPENING' | 'LONG_CLOSED' | 'CLOSES_LONG_AGO' };

/** Changes a stock and moves its version, so that no decision made on the old one is committed. `record` runs in the same transaction. */
export async function updateStock(
  mysql: Knex,
  statementMs: number,
  sid: number,
  change: StockChange,
  maxUnits: number,
  record: RecordChange = recordNothing,
): Promise<StockUpdate> {
  let refused: StockUpdate = { outcome: 'NO_STOCK' };
  const done = await useTransaction<StockUpdate>(mysql, statementMs, async (session) => {
    const [held] = await readStocks(session, [sid], true);
    if (!held) return ROLL_BACK;
    const { addUnits = 0, ...rest } = change;
    const wanted = { ...held, ...rest, count: held.count + addUnits };
    const { name, priceCents, opensAtMs, closesAtMs, paused, hidden, count } = wanted;
    if (count < held.sale) refused = { outcome: 'UNITS_SOLD', left: held.count - held.sale };
    else if (count > maxUnits) refused = { outcome: 'TOO_MANY_UNITS' };
    else if (closesAtMs !== held.closesAtMs && isLongClosed(held)) refused = { outcome: 'LONG_CLOSED' };
    else if (closesAtMs !== held.closesAtMs && isLongClosed(wanted)) refused = { outcome: 'CLOSES_LONG_AGO' };
    else if (opensAtMs !== null && closesAtMs !== null && closesAtMs <= opensAtMs)
      refused = { outcome: 'CLOSES_BEFORE_OPENING' };
    else {
      await session.change(
        `UPDATE stock SET name = ?, price_cents = ?, opens_at = ?, closes_at = ?, paused = ?, hidden = ?, count = ?, version = version + 1,
           units_changed_at = IF(?, NOW(3), units_changed_at), window_changed_at = IF(?, NOW(3), window_changed_at)
         WHERE id = ?`,
        [
          ...[name, priceCents, dateOf(opensAtMs), dateOf(closesAtMs), paused, hidden, count, addUnits !== 0],
          opensAtMs !== held.opensAtMs || closesAtMs !== held.closesAtMs || paused !== held.paused,
          sid,
        ],
      );
      await record(session, String(sid));
      const [stock] = await readStocks(session, [sid]);
      return stock ? { outcome: 'UPDATED', stock } : ROLL_BACK;
    }
    return ROLL_BACK;
  });
  return done === ROLL_BACK ? refused : done;
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
