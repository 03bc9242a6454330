import type { PlannedStock } from '../plans/plan-sale.ts';
import type { VirtualTime } from '../world/virtual-time.ts';

/** The committed versions of every stock, and how long each was the latest. */
export type StockHistory = {
  add(sid: number, left: number, version: number): void;
  /** Whether fewer units were left at some moment since `fromMs`. */
  hadFewerSince(sid: number, fromMs: number, units: number): boolean;
  /** Milliseconds since the version was replaced, below 0 if it was not; Infinity: no such version. */
  staleForMs(sid: number, version: number): number;
};

export function createStockHistory(time: VirtualTime, stocks: PlannedStock[]): StockHistory {
  const versions = new Map(stocks.map(({ sid, count }) => [sid, [{ fromMs: 0, left: count, version: 0 }]]));
  const of = (sid: number) => versions.get(sid) ?? [];
  const replacedMs = (sid: number, index: number) => of(sid)[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
  return {
    add: (sid, left, version) => void of(sid).push({ fromMs: time.nowMs(), left, version }),
    hadFewerSince: (sid, fromMs, units) => of(sid).some(({ left }, i) => left < units && replacedMs(sid, i) >= fromMs),
    staleForMs(sid, version) {
      const index = of(sid).findLastIndex((entry) => entry.version === version);
      return index < 0 ? Number.POSITIVE_INFINITY : time.nowMs() - replacedMs(sid, index);
    },
  };
}
