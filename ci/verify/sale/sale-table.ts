import { textTable } from '../../command/text-table.ts';
import type { SaleResult } from './judge-sale.ts';

/** The result as text. */
export function saleTable({ audit, clickToAnswerMs, ordersPerSecond, ...counts }: SaleResult): string {
  const { buyers, units, requests, confirmed, refused, limited, errors, sold, oversold, unsold } = counts;
  const shown = { buyers, units, requests, confirmed, refused, limited, errors, sold, oversold, unsold };
  return textTable(
    [...Object.keys(shown), 'orders/s', 'p50 ms', 'p99 ms'],
    [[...Object.values(shown), ordersPerSecond, clickToAnswerMs.p50, clickToAnswerMs.p99]],
  );
}
