import type { AuditCheck } from '../../../db/audit/audit-rules.ts';
import type { Outcome } from './buyers/buy-unit.ts';

/** What one buyer was told, by all of their clicks. */
export type ObservedHistory = {
  buyer: string;
  /** The best that was told: confirmed before everything else, else the last. */
  kind: Outcome['kind'];
  status: number;
  /** Numbers told as 201 or 200. */
  confirmedNos: string[];
  /** Numbers told as sold out. */
  refusedNos: string[];
  /** From the click, or the opening if that came later, to the answer; undefined without one. */
  clickToAnswerMs: number | undefined;
  /** Whether the buyer paid at the gateway. */
  paid: boolean;
};

/** A buyer's order as the rows show it in the end. */
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

const isLive = ({ state }: SeenOrder) => state === 'awaiting_payment' || state === 'paid';

/** Adds what one click came to. */
export function addOutcome(story: ObservedHistory, { kind, orderNo, status }: Outcome): void {
  const numbers = kind === 'confirmed' ? story.confirmedNos : kind === 'refused' ? story.refusedNos : undefined;
  if (orderNo !== undefined && numbers && !numbers.includes(orderNo)) numbers.push(orderNo);
  if (story.kind === 'confirmed') return;
  story.kind = kind;
  story.status = status;
}

/** What a buyer was told against the buyer's rows: each contradiction in one line. */
export function contradictionsOf(story: ObservedHistory, orders: SeenOrder[]): string[] {
  const { buyer, kind, confirmedNos, refusedNos, paid } = story;
  const breaches: string[] = [];
  const rows = new Map(orders.map((order) => [order.orderNo, order]));
  for (const orderNo of confirmedNos) {
    const row = rows.get(orderNo);
    if (row?.decision !== 'CONFIRMED')
      breaches.push(`${buyer} was told ${orderNo} is confirmed, the row says ${row?.decision ?? 'nothing'}`);
    else if (paid && row.state !== 'paid') breaches.push(`${buyer} has paid ${orderNo}, the row says ${row.state}`);
  }
  for (const orderNo of refusedNos) {
    const row = rows.get(orderNo);
    if (row && row.decision !== 'SOLD_OUT')
      breaches.push(`${buyer} was told ${orderNo} is sold out, the row says ${row.decision}`);
  }
  const confirmed = orders.filter(({ decision }) => decision === 'CONFIRMED');
  if (kind === 'refused' && confirmed.length > 0) {
    breaches.push(`${buyer} was refused, and has ${confirmed[0]?.orderNo}`);
  }
  if (orders.filter(isLive).length > 1) breaches.push(`${buyer} has ${orders.filter(isLive).length} live orders`);
  if (kind === 'pending') breaches.push(`${buyer} never got an answer`);
  return breaches;
}

/** What must not be, beside the contradictions: each in one line. */
export function breachesOf({ audit, oversold, unsold, refused }: SaleResult): string[] {
  return [
    ...(oversold > 0 ? [`oversold by ${oversold}`] : []),
    ...(unsold > 0 && refused > 0 ? [`${unsold} units unsold, although ${refused} buyers were refused`] : []),
    ...audit.checks.filter(({ ok }) => !ok).map(({ name, detail }) => `audit: ${name}: ${detail}`),
  ];
}

/** The result of a sale. `seconds`: from the opening to the last confirmation. */
export function summarize(
  stories: ObservedHistory[],
  sale: { units: number; requests: number; sold: number; live: number; seconds: number },
  audit: SaleResult['audit'],
): SaleResult {
  const count = (kind: ObservedHistory['kind']) => stories.filter((story) => story.kind === kind).length;
  const confirmed = new Set(stories.flatMap(({ confirmedNos }) => confirmedNos)).size;
  const times = Float64Array.from(stories.flatMap(({ clickToAnswerMs: ms }) => (ms === undefined ? [] : [ms]))).sort();
  const { units, requests, sold, live, seconds } = sale;
  return {
    buyers: stories.length,
    units,
    requests,
    confirmed,
    refused: count('refused'),
    limited: count('limited'),
    errors: count('error') + count('pending'),
    sold,
    oversold: Math.max(0, sold - units, live - units),
    unsold: Math.max(0, units - sold),
    ordersPerSecond: seconds > 0 ? Math.round(confirmed / seconds) : 0,
    clickToAnswerMs: { p50: percentile(times, 0.5), p99: percentile(times, 0.99) },
    audit,
  };
}

/** The value below which this share of the sorted values lies (nearest rank), to a tenth. */
function percentile(sorted: Float64Array, share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return Math.round(value * 10) / 10;
}
