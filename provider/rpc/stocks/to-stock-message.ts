import { lineStateOf } from '../../../db/stocks/line-state-of.ts';
import { databaseNowMs } from '../../../db/stocks/stock-cache.ts';
import { NO_DETAILS } from '../../../db/stocks/stock-details.ts';
import type { Stock } from '../../../db/stocks/stock-table.ts';
import type { StockInput } from '../../../proto/gen/flashsale/v1/Stock.ts';
import type { Fresh } from '../../../proto/process/fresh-cache.ts';

/**
 * The message of a stock. `readAtMs` is increased by the time that the read was cached. `opensLines`: a rush that is sold out gets a line.
 */
export function toStockMessage({ value, freshForMs, heldMs }: Fresh<Stock>, opensLines: boolean): StockInput {
  const { opensAtMs, closesAtMs, details = NO_DETAILS, entryTimes, draw: _, ...rest } = value;
  const readAtMs = databaseNowMs({ value, heldMs });
  const { reference, metadata, description, pictureUrl, compareAtPriceCents } = details;
  return {
    ...rest,
    ...entryTimes,
    lineState: lineStateOf(value, readAtMs, opensLines) ?? '',
    readAtMs,
    ...(opensAtMs !== null && { opensAtMs }),
    ...(closesAtMs !== null && { closesAtMs }),
    reference: reference ?? '',
    metadata: metadata ?? '',
    description: description ?? '',
    pictureUrl: pictureUrl ?? '',
    compareAtPriceCents: compareAtPriceCents ?? 0,
    freshForMs: Math.max(0, Math.floor(freshForMs)),
  };
}
