import type { LineState } from './stock-draws.ts';
import type { Stock } from './stock-table.ts';

/** The line of a stock; null: it has none. `opensLines`: a rush that is sold out gets one. */
export function lineStateOf(stock: Stock, nowMs: number, opensLines: boolean): LineState | null {
  const { mode, offersOnly, sale, count, closesAtMs, draw, kind, maxPerOrder } = stock;
  const isClosed = closesAtMs !== null && nowMs >= closesAtMs;
  if (mode === 'draw' || kind !== 'sale') return null;
  if (mode === 'rush') {
    if (isClosed) return offersOnly ? 'ended' : null;
    if (offersOnly) return 'waiting';
    return opensLines && maxPerOrder === 1 && sale >= count && isOpen(stock, nowMs) ? 'open' : null;
  }
  if (isClosed || draw?.isEnded) return 'ended';
  if (!draw?.isDrawn) return null;
  return draw.hasWaiting ? 'waiting' : 'open';
}

function isOpen({ opensAtMs, count }: Stock, nowMs: number): boolean {
  return count > 0 && (opensAtMs === null || nowMs >= opensAtMs);
}
