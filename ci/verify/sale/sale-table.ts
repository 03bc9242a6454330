import { textTable } from '../../command/text-table.ts';
import type { SaleResult } from './judge-sale.ts';

/** The table that people read. */
export function saleTable(result: SaleResult): string {
  const { clickToAnswerMs, buyers, units, requests, confirmed, refused, limited, errors } = result;
  const head = [
    'buyers',
    'units',
    'requests',
    'confirmed',
    'refused',
    'limited',
    'errors',
    'sold',
    'oversold',
    'unsold',
  ];
  return textTable(
    [...head, 'orders/s', 'p50 ms', 'p99 ms'],
    [
      [
        ...[buyers, units, requests, confirmed, refused, limited, errors, result.sold, result.oversold, result.unsold],
        ...[result.ordersPerSecond, clickToAnswerMs.p50, clickToAnswerMs.p99],
      ],
    ],
  );
}
