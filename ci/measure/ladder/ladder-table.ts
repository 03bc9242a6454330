import { textTable } from '../../command/text-table.ts';
import type { StrategyResult } from './run-strategy.ts';

/** One row per strategy, as text. */
export function ladderTable(entries: StrategyResult[]): string {
  const head = ['strategy', 'accepted', 'refused', 'limited', 'errors', 'orders', 'oversold', 'unsold', 'orders/s'];
  const rows = entries.map((entry) => [
    ...[entry.name, entry.accepted, entry.refused, entry.limited, entry.errors],
    ...[entry.orders, entry.oversold, entry.unsold, entry.ordersPerSecond, entry.p50Ms, entry.p99Ms],
    ...[entry.mysqlQueries, entry.mysqlConnectionsPeak],
    ...[entry.servedBy.consumer, entry.servedBy.provider].map(describeCounts),
  ]);
  return textTable([...head, 'p50 ms', 'p99 ms', 'SQL', 'conns', 'consumers', 'providers'], rows);
}

/** The requests that each process answered. */
function describeCounts(counts: Record<string, number>): string {
  return Object.values(counts).join('+') || '-';
}
