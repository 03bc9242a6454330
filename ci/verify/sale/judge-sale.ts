import type { AuditCheck } from '../../../db/audit/audit-rules.ts';
import { percentile } from '../../command/percentile.ts';
import type { ObservedHistory } from './buyers/observed-history.ts';

/** A buyer's order, as the rows show it after the sale. */
export type SeenOrder = { orderNo: string; state: string; decision: string };

export type SaleResult = {
  buyers: number;
  units: number;
  requests: number;
  confirmed: number;
  refused: number;
  limited: number;
  errors: number;
  sold: number;
  oversold: number;
  unsold: number;
  ordersPerSecond: number;
  clickToAnswerMs: { p50: number; p99: number };
  audit: { ok: boolean; checks: AuditCheck[] };
};

export const isActive = ({ state }: { state: string }) => state === 'awaiting_payment' || state === 'paid';

/** Contradictions between a buyer's history and the buyer's rows, one per line. */
export function contradictionsOf(history: ObservedHistory, orders: SeenOrder[]): string[] {
  const { buyer, kind, confirmedNos, refusedNos, paid } = history;
  const breaches: string[] = [];
  const rows = new Map(orders.map((order) => [order.orderNo, order]));
  for (const orderNo of confirmedNos) {
    const row = rows.get(orderNo);
    if (row?.decision !== 'confirmed')
      breaches.push(`${buyer}: ${orderNo} was answered as confirmed, the row is ${row?.decision ?? 'missing'}`);
    else if (paid && row.state !== 'paid') breaches.push(`${buyer} paid ${orderNo}, the row is ${row.state}`);
  }
  for (const orderNo of refusedNos) {
    const row = rows.get(orderNo);
    if (row && row.decision !== 'sold_out')
      breaches.push(`${buyer}: ${orderNo} was answered as sold out, the row is ${row.decision}`);
  }
  const confirmed = orders.find(({ decision }) => decision === 'confirmed');
  if (kind === 'refused' && confirmed) breaches.push(`${buyer} was refused, but has ${confirmed.orderNo}`);
  const active = orders.filter(isActive).length;
  if (active > 1) breaches.push(`${buyer} has ${active} active orders`);
  if (kind === 'pending') breaches.push(`${buyer} never received a final answer`);
  return breaches;
}

/** Violated invariants besides the contradictions, one per line. */
export function breachesOf({ audit, oversold, unsold, refused }: SaleResult): string[] {
  const breaches = audit.checks.filter(({ ok }) => !ok).map(({ name, detail }) => `audit: ${name}: ${detail}`);
  if (unsold > 0 && refused > 0) {
    breaches.unshift(`${unsold} units were not sold, although ${refused} buyers were refused`);
  }
  if (oversold > 0) breaches.unshift(`oversold by ${oversold}`);
  return breaches;
}

/** The result of a sale. `seconds`: from the opening to the last confirmation. */
export function summarize(
  histories: ObservedHistory[],
  sale: { units: number; requests: number; sold: number; active: number; seconds: number },
  audit: SaleResult['audit'],
): SaleResult {
  const count = (kind: ObservedHistory['kind']) => histories.filter((history) => history.kind === kind).length;
  const confirmed = new Set(histories.flatMap(({ confirmedNos }) => confirmedNos)).size;
  const answered = histories.flatMap(({ clickToAnswerMs: ms }) => (ms === undefined ? [] : [ms]));
  const times = Float64Array.from(answered).sort();
  const { units, requests, sold, active, seconds } = sale;
  return {
    buyers: histories.length,
    units,
    requests,
    confirmed,
    refused: count('refused'),
    limited: count('limited'),
    errors: count('error') + count('pending'),
    sold,
    oversold: Math.max(0, sold - units, active - units),
    unsold: Math.max(0, units - sold),
    ordersPerSecond: seconds > 0 ? Math.round(confirmed / seconds) : 0,
    clickToAnswerMs: { p50: percentile(times, 0.5), p99: percentile(times, 0.99) },
    audit,
  };
}
