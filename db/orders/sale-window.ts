/** When a stock may be sold. Times are in milliseconds since 1970 (UTC); null: no bound. */
export type SaleWindow = { opensAtMs: number | null; closesAtMs: number | null; paused: boolean };

/** Why a stock is not sold at this time of the database's clock, or null. Used by the filters and by the decision. */
export function findWindowRefusal(
  { opensAtMs, closesAtMs, paused }: SaleWindow,
  databaseMs: number,
): 'PAUSED' | 'NOT_OPEN' | 'CLOSED' | null {
  if (opensAtMs !== null && databaseMs < opensAtMs) return 'NOT_OPEN';
  if (closesAtMs !== null && databaseMs >= closesAtMs) return 'CLOSED';
  return paused ? 'PAUSED' : null;
}
