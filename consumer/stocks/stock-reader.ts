import { status } from '@grpc/grpc-js';
import { STOCK_FRESH_MS } from '../../db/stocks/stock-cache.ts';
import { LINE_STATES } from '../../db/stocks/stock-draws.ts';
import { STOCK_MODES, type Stock } from '../../db/stocks/stock-table.ts';
import type { Stock as StockMessage } from '../../proto/gen/flashsale/v1/Stock.ts';
import type { Clock } from '../../proto/process/clock.ts';
import { createFreshCache, type Fresh, type FreshCache } from '../../proto/process/fresh-cache.ts';
import type { Providers } from '../providers/connect-providers.ts';

export type StockReader = FreshCache<number, Stock | null>;
export type ReadStock = StockReader['read'];

const MAX_STOCKS_IN_MEMORY = 10_000;
// The provider may already have cached for a second that the stock does not exist.
const MISSING_FRESH_MS = 200;

/** Reads stocks from the providers, and caches each until one second after its database read. Null: no such stock. */
export function createStockReader(
  clock: Clock,
  providers: Pick<Providers, 'getStock'>,
  maxStocks = MAX_STOCKS_IN_MEMORY,
): StockReader {
  return createFreshCache(clock, maxStocks, async (sid: number): Promise<Fresh<Stock | null>> => {
    try {
      const message = await providers.getStock({ sid });
      return { value: toStock(message), freshForMs: Math.min(message.freshForMs, STOCK_FRESH_MS), heldMs: 0 };
    } catch (error) {
      if ((error as { code?: number }).code !== status.NOT_FOUND) throw error;
      return { value: null, freshForMs: MISSING_FRESH_MS, heldMs: 0 };
    }
  });
}

/** A stock from its message. */
export function toStock(message: StockMessage): Stock {
  const {
    sid,
    name,
    count,
    sale,
    version,
    kind,
    priceCents,
    currency,
    opensAtMs,
    closesAtMs,
    paused,
    hidden,
    readAtMs,
    maxPerOrder,
    mode,
    offersOnly,
    entriesOpenAtMs,
    entriesCloseAtMs,
    lineState,
    reference,
    metadata,
    description,
    pictureUrl,
    compareAtPriceCents,
  } = message;
  const line = LINE_STATES.find((known) => known === lineState);
  return {
    ...(entriesOpenAtMs !== undefined &&
      entriesCloseAtMs !== undefined && { entryTimes: { entriesOpenAtMs, entriesCloseAtMs } }),
    ...(line && { line }),
    sid,
    name,
    count,
    sale,
    version,
    priceCents,
    currency,
    paused,
    hidden,
    readAtMs,
    kind: kind === 'ladder' ? 'ladder' : 'sale',
    // 0: from a provider of the release before.
    maxPerOrder: maxPerOrder || 1,
    mode: STOCK_MODES.find((known) => known === mode) ?? 'rush',
    offersOnly,
    opensAtMs: opensAtMs ?? null,
    closesAtMs: closesAtMs ?? null,
    details: {
      reference: reference || null,
      metadata: metadata || null,
      description: description || null,
      pictureUrl: pictureUrl || null,
      compareAtPriceCents: compareAtPriceCents || null,
    },
  };
}
