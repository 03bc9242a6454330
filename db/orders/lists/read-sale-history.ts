import type { Session } from '../../mysql/database.ts';
import { countOrders } from '../figures/count-orders.ts';
import { addUp, type SaleFigures } from '../figures/sale-figures.ts';
import { readSaleMark, readStoredSeconds } from '../figures/stored-seconds.ts';

/** What happened in one bucket of time. Waits are those of the decided orders, by the times in their rows. */
export type SaleBucket = {
  /** Its place in the time line, from 0. */
  index: number;
  /** Orders that were decided in it; of them confirmed ones. */
  orders: number;
  confirmed: number;
  /** Orders that were paid in it, also those that were refunded since, and their amounts. */
  paid: number;
  paidCents: number;
  /** Averages: from the click until the log took the order, and from there to the decision. Null: no such order. */
  toLogMs: number | null;
  toDecisionMs: number | null;
  /** The longest time from click to decision. Null: not known of any order. */
  slowestMs: number | null;
  /** Orders with more than a second from click to decision. */
  slow: number;
};

/** Times: milliseconds since 1970 (UTC). */
export type Timeline = { fromMs: number; untilMs: number; bucketMs: number };

export const MAX_BUCKETS = 240;
const BUCKET_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400];

/** A time line with at most MAX_BUCKETS buckets, which begin at whole multiples of their length. */
export function createTimeline(fromMs: number, untilMs: number): Timeline {
  const lengths = [...BUCKET_SECONDS, 86_400 * Math.ceil((untilMs - fromMs) / 86_400_000 / (MAX_BUCKETS - 1))];
  for (const seconds of lengths) {
    const bucketMs = seconds * 1000;
    const startMs = Math.floor(fromMs / bucketMs) * bucketMs;
    const endMs = Math.ceil(untilMs / bucketMs) * bucketMs;
    if (endMs - startMs <= MAX_BUCKETS * bucketMs) {
      return { fromMs: startMs, untilMs: Math.max(endMs, startMs + bucketMs), bucketMs };
    }
  }
  throw new Error(`no bucket is long enough from ${fromMs} until ${untilMs}`);
}

/**
 * Reads what is stored, and counts the rest in the orders. Buckets in which nothing happened are left out. Of a sale that is not stored yet
 * it reads all orders.
 */
export async function readSaleHistory(session: Session, sid: number, timeline: Timeline): Promise<SaleBucket[]> {
  const { fromMs, untilMs, bucketMs } = timeline;
  const buckets = { startMs: fromMs, lengthMs: bucketMs };
  const markMs = await readSaleMark(session, sid);
  const storedMs = Math.min(Math.max(markMs ?? fromMs, fromMs), untilMs);
  const changesBy = markMs === null ? 'rows' : 'events';
  const rows = [
    ...(await readStoredSeconds(session, { sid, fromMs, untilMs: storedMs }, buckets)),
    ...(await countOrders(session, { sid, fromMs: storedMs, untilMs, changesBy }, buckets)),
  ];
  return [...addUp(rows)].sort(([a], [b]) => a - b).flatMap(([index, figures]) => toBucket(index, figures));
}

/** None where only something happened that the time line does not show. */
function toBucket(index: number, figures: SaleFigures): SaleBucket[] {
  const { orders, confirmed, paid, paidCents, slow, logged, toLogUs, toDecisionUs, slowestUs } = figures;
  if (orders === 0 && paid === 0) return [];
  const average = (sumUs: number) => (logged === 0 ? null : sumUs / logged / 1000);
  const slowestMs = slowestUs === null ? null : slowestUs / 1000;
  const waits = { toLogMs: average(toLogUs), toDecisionMs: average(toDecisionUs), slowestMs };
  return [{ index, orders, confirmed, paid, paidCents, slow, ...waits }];
}
