import type { Session } from '../../mysql/database.ts';
import { CONFIRMED_STATES } from '../order-states.ts';

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
  /** Orders with more than SLOW_MS from click to decision. */
  slow: number;
};

/** Times: milliseconds since 1970 (UTC). */
export type Timeline = { fromMs: number; untilMs: number; bucketMs: number };

const SLOW_MS = 1000;
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

type Row = {
  decidedIn: number | null;
  paidIn: number | null;
  orders: number;
  confirmed: number;
  slow: number;
  logged: number;
  cents: string | number;
  toLogMs: string | number | null;
  toDecisionMs: string | number | null;
  slowestMs: string | number | null;
};

/** Microseconds between two columns. Clocks of two machines may differ: never less than 0. */
const between = (from: string, to: string) => `GREATEST(0, TIMESTAMPDIFF(MICROSECOND, o.${from}, o.${to}))`;
/** The bucket of a time; its parameters: from, until, from, length in microseconds. */
const bucketOf = (time: string) =>
  `IF(o.${time} >= ? AND o.${time} < ?, TIMESTAMPDIFF(MICROSECOND, ?, o.${time}) DIV ?, NULL)`;

/** Reads the orders of the stock once. Buckets in which nothing happened are left out. */
export async function readSaleHistory(session: Session, sid: number, timeline: Timeline): Promise<SaleBucket[]> {
  const from = new Date(timeline.fromMs);
  const until = new Date(timeline.untilMs);
  const bucket = [from, until, from, timeline.bucketMs * 1000];
  // Few groups: orders that were decided in one bucket are paid in a few.
  const rows = await session.rows<Row>(
    `SELECT ${bucketOf('create_time')} AS decidedIn,
       IF(o.state IN ('paid', 'refunded'), ${bucketOf('paid_at')}, NULL) AS paidIn,
       COUNT(*) AS orders, COUNT(IF(o.state IN ${CONFIRMED_STATES}, 1, NULL)) AS confirmed,
       COUNT(IF(${between('minted_at', 'create_time')} > ${SLOW_MS * 1000}, 1, NULL)) AS slow,
       COUNT(IF(o.minted_at IS NOT NULL, o.appended_at, NULL)) AS logged, SUM(o.price_cents * o.quantity) AS cents,
       SUM(${between('minted_at', 'appended_at')}) / 1000 AS toLogMs,
       SUM(IF(o.minted_at IS NULL, NULL, ${between('appended_at', 'create_time')})) / 1000 AS toDecisionMs,
       MAX(${between('minted_at', 'create_time')}) / 1000 AS slowestMs
     FROM stock_order o FORCE INDEX (by_stock) WHERE o.sid = ? AND o.create_time < ? GROUP BY decidedIn, paidIn`,
    [...bucket, ...bucket, sid, until],
  );
  return toBuckets(rows);
}

function toBuckets(rows: Row[]): SaleBucket[] {
  const buckets = new Map<number, SaleBucket & { logged: number }>();
  const at = (index: number) => {
    const none = { orders: 0, confirmed: 0, paid: 0, paidCents: 0, slow: 0, logged: 0 };
    const bucket = buckets.get(index) ?? { index, ...none, toLogMs: null, toDecisionMs: null, slowestMs: null };
    buckets.set(index, bucket);
    return bucket;
  };
  for (const row of rows) {
    if (row.decidedIn !== null) addDecided(at(Number(row.decidedIn)), row);
    if (row.paidIn !== null) {
      const bucket = at(Number(row.paidIn));
      bucket.paid += Number(row.orders);
      bucket.paidCents += Number(row.cents);
    }
  }
  return [...buckets.values()].sort((a, b) => a.index - b.index).map(toAverages);
}

function addDecided(bucket: SaleBucket & { logged: number }, row: Row): void {
  bucket.orders += Number(row.orders);
  bucket.confirmed += Number(row.confirmed);
  bucket.slow += Number(row.slow);
  bucket.logged += Number(row.logged);
  if (row.toLogMs !== null) bucket.toLogMs = (bucket.toLogMs ?? 0) + Number(row.toLogMs);
  if (row.toDecisionMs !== null) bucket.toDecisionMs = (bucket.toDecisionMs ?? 0) + Number(row.toDecisionMs);
  if (row.slowestMs !== null) bucket.slowestMs = Math.max(bucket.slowestMs ?? 0, Number(row.slowestMs));
}

function toAverages({ logged, ...bucket }: SaleBucket & { logged: number }): SaleBucket {
  const average = (sum: number | null) => (sum === null || logged === 0 ? null : sum / logged);
  return { ...bucket, toLogMs: average(bucket.toLogMs), toDecisionMs: average(bucket.toDecisionMs) };
}
