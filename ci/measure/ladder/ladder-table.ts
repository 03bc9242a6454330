import { textTable } from '../../command/text-table.ts';
import type { StrategyResult } from './run-strategy.ts';

/** The table that people read. */
export function ladderTable(entries: StrategyResult[]): string {
  const head = ['way', 'accepted', 'refused', 'limited', 'errors', 'orders', 'oversold', 'unsold', 'orders/s'];
  const rows = entries.map((entry) => [
    ...[entry.rung, entry.accepted, entry.refused, entry.limited, entry.errors],
    ...[entry.orders, entry.oversold, entry.unsold, entry.ordersPerSecond, entry.p50Ms, entry.p99Ms],
    ...[
      entry.mysqlQueries,
      entry.mysqlConnectionsPeak,
      spread(entry.servedBy.consumer),
      spread(entry.servedBy.provider),
    ],
  ]);
  return textTable([...head, 'p50 ms', 'p99 ms', 'SQL', 'conns', 'consumers', 'providers'], rows);
}

/** How many requests each process answered. */
function spread(counts: Record<string, number>): string {
  return Object.values(counts).join('+') || '-';
}
