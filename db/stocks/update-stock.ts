import type { Database } from '../mysql/database.ts';
import { type RecordChange, recordNothing } from './admin-action-table.ts';
import { isLongClosed } from './purge-rules.ts';
import { readStocks, type Stock } from './stock-table.ts';

/** Only present fields change. A null time removes the bound. */
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
  /** The stock has another version than expected. */
  | { outcome: 'OTHER_VERSION'; version: number }
  /** More units would be removed than are left. */
  | { outcome: 'UNITS_SOLD'; left: number }
  /**
   * LONG_CLOSED: its refusals may have been purged, so it cannot be reopened. CLOSES_LONG_AGO: the new closing time is as long ago, so
   * orders in flight would never be decided.
   */
  | { outcome: 'TOO_MANY_UNITS' | 'CLOSES_BEFORE_OPENING' | 'LONG_CLOSED' | 'CLOSES_LONG_AGO' };

export type StockUpdateOptions = {
  sid: number;
  change: StockChange;
  /** Null: the change is made whatever the version is. */
  expectedVersion?: number | null;
  maxUnits: number;
  /** Runs in the transaction of the change. */
  record?: RecordChange;
};

/** Changes a stock and its version, so that no decision based on the old version is committed. */
export async function updateStock(
  database: Database,
  { sid, change, expectedVersion = null, maxUnits, record = recordNothing }: StockUpdateOptions,
): Promise<StockUpdate> {
  return database.transaction<StockUpdate>(async (transaction) => {
    const [held] = await readStocks(transaction, [sid], true);
    if (!held) return transaction.rollBack({ outcome: 'NO_STOCK' });
    if (expectedVersion !== null && held.version !== expectedVersion) {
      return transaction.rollBack({ outcome: 'OTHER_VERSION', version: held.version });
    }
    const { addUnits = 0, ...rest } = change;
    const wanted = { ...held, ...rest, count: held.count + addUnits };
    const refused = findRefusal(held, wanted, maxUnits);
    if (refused) return transaction.rollBack(refused);
    const { name, priceCents, opensAtMs, closesAtMs, paused, hidden, count } = wanted;
    await transaction.change(
      `UPDATE stock SET name = ?, price_cents = ?, opens_at = ?, closes_at = ?, paused = ?, hidden = ?, count = ?, version = version + 1,
           units_changed_at = IF(?, NOW(3), units_changed_at), window_changed_at = IF(?, NOW(3), window_changed_at)
         WHERE id = ?`,
      [
        ...[name, priceCents, dateOf(opensAtMs), dateOf(closesAtMs), paused, hidden, count, addUnits !== 0],
        opensAtMs !== held.opensAtMs || closesAtMs !== held.closesAtMs || paused !== held.paused,
        sid,
      ],
    );
    await record(transaction, String(sid));
    const [stock] = await readStocks(transaction, [sid]);
    return stock ? { outcome: 'UPDATED', stock } : transaction.rollBack({ outcome: 'NO_STOCK' });
  });
}

function findRefusal(held: Stock, wanted: Stock, maxUnits: number): StockUpdate | null {
  const { opensAtMs, closesAtMs, count } = wanted;
  if (count < held.sale) return { outcome: 'UNITS_SOLD', left: held.count - held.sale };
  if (count > maxUnits) return { outcome: 'TOO_MANY_UNITS' };
  if (closesAtMs !== held.closesAtMs && isLongClosed(held)) return { outcome: 'LONG_CLOSED' };
  if (closesAtMs !== held.closesAtMs && isLongClosed(wanted)) return { outcome: 'CLOSES_LONG_AGO' };
  if (opensAtMs !== null && closesAtMs !== null && closesAtMs <= opensAtMs) return { outcome: 'CLOSES_BEFORE_OPENING' };
  return null;
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
