import { classifyDatabaseError } from '../mysql/classify-database-error.ts';
import type { Database, Session } from '../mysql/database.ts';
import { type RecordChange, recordNothing } from './admin-action-table.ts';
import { isLongClosed } from './purge-rules.ts';
import { detailValues, NO_DETAILS, type StockDetails } from './stock-details.ts';
import { OPENS_AFTER_CLOSING_MS } from './stock-draws.ts';
import { readDetailedStocks, type Stock } from './stock-table.ts';

/** Only present fields change. A null time removes the bound. */
export type StockChange = {
  name?: string;
  priceCents?: number;
  opensAtMs?: number | null;
  closesAtMs?: number | null;
  paused?: boolean;
  hidden?: boolean;
  addUnits?: number;
  details?: Partial<StockDetails>;
  maxPerOrder?: number;
};

export type StockUpdate =
  | { outcome: 'UPDATED'; stock: Stock }
  | { outcome: 'NO_STOCK' }
  /** The stock has another version than expected. */
  | { outcome: 'OTHER_VERSION'; version: number }
  /** More units would be removed than are left. */
  | { outcome: 'UNITS_SOLD'; left: number }
  /** Another stock with a unique reference has this one. */
  | { outcome: 'REFERENCE_TAKEN' }
  | { outcome: 'COMPARED_BELOW_PRICE' }
  /**
   * LONG_CLOSED: its refusals may have been purged, so it cannot be reopened. CLOSES_LONG_AGO: the new closing time is as long ago, so
   * orders in flight would never be decided.
   */
  | { outcome: 'TOO_MANY_UNITS' | 'CLOSES_BEFORE_OPENING' | 'LONG_CLOSED' | 'CLOSES_LONG_AGO' }
  /** The units of an order can change until the sale opens or has orders, also refused ones. */
  | { outcome: 'SALE_STARTED' }
  /** Of the modes draw and line. */
  | { outcome: 'OPENS_BEFORE_DRAW' | 'ONE_PER_ENTRY' };

export type StockUpdateOptions = {
  sid: number;
  change: StockChange;
  /** Null: the change is made whatever the version is. */
  expectedVersion?: number | null;
  maxUnits: number;
  /** No other stock with a unique reference may have the reference. */
  isUniqueReference: boolean;
  /** Runs in the transaction of the change. */
  record?: RecordChange;
};

/** Changes a stock and its version, so that no decision based on the old version is committed. */
export async function updateStock(
  database: Database,
  { sid, change, expectedVersion = null, maxUnits, isUniqueReference, record = recordNothing }: StockUpdateOptions,
): Promise<StockUpdate> {
  return database.transaction<StockUpdate>(async (transaction) => {
    const [held] = await readDetailedStocks(transaction, [sid], true);
    if (!held) return transaction.rollBack({ outcome: 'NO_STOCK' });
    if (expectedVersion !== null && held.version !== expectedVersion) {
      return transaction.rollBack({ outcome: 'OTHER_VERSION', version: held.version });
    }
    const { addUnits = 0, details, ...rest } = change;
    const wanted = { ...held, ...rest, count: held.count + addUnits };
    wanted.details = { ...NO_DETAILS, ...held.details, ...details };
    const refused = findRefusal(held, wanted, maxUnits);
    if (refused) return transaction.rollBack(refused);
    if (wanted.maxPerOrder !== held.maxPerOrder && (await hasStarted(transaction, held))) {
      return transaction.rollBack({ outcome: 'SALE_STARTED' });
    }
    await writeStock(transaction, held, wanted);
    if (details && !(await writeDetails(transaction, sid, wanted.details, isUniqueReference))) {
      return transaction.rollBack({ outcome: 'REFERENCE_TAKEN' });
    }
    await record(transaction, String(sid));
    const [stock] = await readDetailedStocks(transaction, [sid]);
    return stock ? { outcome: 'UPDATED', stock } : transaction.rollBack({ outcome: 'NO_STOCK' });
  });
}

async function writeStock(transaction: Session, held: Stock, wanted: Stock): Promise<void> {
  const { sid, name, priceCents, opensAtMs, closesAtMs, paused, hidden, count, maxPerOrder } = wanted;
  await transaction.change(
    `UPDATE stock SET name = ?, price_cents = ?, opens_at = ?, closes_at = ?, paused = ?, hidden = ?, count = ?, max_per_order = ?,
         version = version + 1, units_changed_at = IF(?, NOW(3), units_changed_at), window_changed_at = IF(?, NOW(3), window_changed_at)
       WHERE id = ?`,
    [
      ...[
        name,
        priceCents,
        dateOf(opensAtMs),
        dateOf(closesAtMs),
        paused,
        hidden,
        count,
        maxPerOrder,
        count !== held.count,
      ],
      opensAtMs !== held.opensAtMs || closesAtMs !== held.closesAtMs || paused !== held.paused,
      sid,
    ],
  );
}

/** False: the reference is taken. */
async function writeDetails(
  transaction: Session,
  sid: number,
  details: StockDetails,
  isUniqueReference: boolean,
): Promise<boolean> {
  try {
    await transaction.change(
      `UPDATE stock SET reference = ?, unique_reference = ?, metadata = ?, description = ?, picture_url = ?,
         compare_at_price_cents = ? WHERE id = ?`,
      [...detailValues(details, isUniqueReference), sid],
    );
  } catch (error) {
    if (classifyDatabaseError(error) === 'duplicate_key') return false;
    throw error;
  }
  return true;
}

function findRefusal(held: Stock, wanted: Stock, maxUnits: number): StockUpdate | null {
  const { opensAtMs, closesAtMs, count, priceCents, details } = wanted;
  if (count < held.sale) return { outcome: 'UNITS_SOLD', left: held.count - held.sale };
  if (count > maxUnits) return { outcome: 'TOO_MANY_UNITS' };
  if ((details?.compareAtPriceCents ?? priceCents) < priceCents) return { outcome: 'COMPARED_BELOW_PRICE' };
  if (closesAtMs !== held.closesAtMs && isLongClosed(held)) return { outcome: 'LONG_CLOSED' };
  if (closesAtMs !== held.closesAtMs && isLongClosed(wanted)) return { outcome: 'CLOSES_LONG_AGO' };
  if (opensAtMs !== null && closesAtMs !== null && closesAtMs <= opensAtMs) return { outcome: 'CLOSES_BEFORE_OPENING' };
  return wanted.mode === 'rush' ? null : findDrawRefusal(held, wanted);
}

/** The sale of a draw opens when its places can be drawn, and an entry is for one unit. */
function findDrawRefusal(held: Stock, { opensAtMs, maxPerOrder, draw, entryTimes }: Stock): StockUpdate | null {
  if (maxPerOrder !== 1) return { outcome: 'ONE_PER_ENTRY' };
  if (!draw || !entryTimes || opensAtMs === held.opensAtMs) return null;
  const earliestMs = entryTimes.entriesCloseAtMs + (draw.hasBeacon ? OPENS_AFTER_CLOSING_MS : 0);
  return opensAtMs === null || opensAtMs < earliestMs ? { outcome: 'OPENS_BEFORE_DRAW' } : null;
}

/** A decision that read the former limit fails its version check. */
async function hasStarted(session: Session, { sid, opensAtMs, readAtMs }: Stock): Promise<boolean> {
  if (opensAtMs === null || opensAtMs <= readAtMs) return true;
  return (await session.rows('SELECT order_no FROM stock_order WHERE sid = ? LIMIT 1', [sid])).length > 0;
}

function dateOf(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms);
}
