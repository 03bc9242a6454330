import type { Fresh } from '../proto/keep-fresh.ts';
import { databaseNowMs } from './stock-cache.ts';
import type { Stock } from './stock-table.ts';

/** Why an order cannot be sold now. Nothing was written, the number remains free. */
export type Refusal =
  | { refused: 'NO_SUCH_STOCK' | 'PAUSED' | 'CLOSED' | 'SOLD_OUT' }
  | { refused: 'NOT_OPEN'; opensAtMs: number };

/**
 * What a stock read of at most a second ago says against an order, or null. A repeat may have been on the log before the stock
 * was sold out, so that is no reason to refuse it. The window is told on the database's clock.
 */
export function refuseOrder({ value: stock, freshForMs }: Fresh<Stock | null>, repeat: boolean): Refusal | null {
  if (!stock) return { refused: 'NO_SUCH_STOCK' };
  const nowMs = databaseNowMs({ value: stock, freshForMs });
  if (stock.opensAtMs !== null && nowMs < stock.opensAtMs) return { refused: 'NOT_OPEN', opensAtMs: stock.opensAtMs };
  if (stock.closesAtMs !== null && nowMs >= stock.closesAtMs) return { refused: 'CLOSED' };
  if (stock.paused) return { refused: 'PAUSED' };
  if (stock.sale >= stock.count && !repeat) return { refused: 'SOLD_OUT' };
  return null;
}
