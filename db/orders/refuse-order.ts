import type { Fresh } from '../../proto/process/fresh-cache.ts';
import { databaseNowMs } from '../stocks/stock-cache.ts';
import type { Stock } from '../stocks/stock-table.ts';
import { findWindowRefusal } from './sale-window.ts';

/** Why an order cannot be sold now. It has no row, so its number is not used up. */
export type Refusal =
  | { refused: 'NO_SUCH_STOCK' | 'PAUSED' | 'CLOSED' | 'ENTRY_REQUIRED' | 'SOLD_OUT' }
  | { refused: 'NOT_OPEN'; opensAtMs: number }
  /** The stock has units, but fewer than the order wants. */
  | { refused: 'TOO_FEW_LEFT'; left: number }
  | { refused: 'QUANTITY_ABOVE_MAX'; maxPerOrder: number };

/**
 * Whether a stock read refuses an order; null: it does not. Window, pause and "units go to offers" are judged on a read of any age, by a lower bound of
 * the database's time; "no such stock", "sold out" and "too few left" only on a fresh read. The limit of units cannot change after the opening.
 */
export function refuseOrder(read: Fresh<Stock | null>, quantity = 1): Refusal | null {
  const { value: stock, heldMs } = read;
  const isFresh = read.freshForMs > 0;
  if (!stock) return isFresh ? { refused: 'NO_SUCH_STOCK' } : null;
  const refused = findWindowRefusal(stock, databaseNowMs({ value: stock, heldMs }));
  if (refused === 'NOT_OPEN') return { refused, opensAtMs: stock.opensAtMs ?? 0 };
  if (refused) return { refused };
  if (stock.offersOnly) return { refused: 'ENTRY_REQUIRED' };
  if (quantity > stock.maxPerOrder) return { refused: 'QUANTITY_ABOVE_MAX', maxPerOrder: stock.maxPerOrder };
  const left = stock.count - stock.sale;
  if (!isFresh || left >= quantity) return null;
  return left > 0 ? { refused: 'TOO_FEW_LEFT', left } : { refused: 'SOLD_OUT' };
}
