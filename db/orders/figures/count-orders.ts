import type { Session } from '../../mysql/database.ts';
import { CONFIRMED_STATES } from '../order-states.ts';
import type { FigureRow } from './sale-figures.ts';

/** What is counted: facts with a time in this range. Times: milliseconds since 1970 (UTC); null: no bound. */
export type OrderRange = {
  sid: number;
  fromMs: number | null;
  untilMs: number | null;
  /**
   * How orders are found that were paid or ended in the range. `events`: by their events; fast, for a range that began lately, because old
   * events are purged. `rows`: by a look at all orders of the stock.
   */
  changesBy: 'events' | 'rows';
};

/** From its begin, buckets of this length, in whole seconds. Null: the range is one bucket, 0. */
export type Buckets = { startMs: number; lengthMs: number } | null;

const SLOW_MS = 1000;

/** What the time line of a sale shows. */
export async function countOrders(session: Session, range: OrderRange, buckets: Buckets): Promise<FigureRow[]> {
  return [...(await countDecided(session, range, buckets)), ...(await countPaid(session, range, buckets))];
}

/** All figures. */
export async function countEverything(session: Session, range: OrderRange, buckets: Buckets): Promise<FigureRow[]> {
  return [
    ...(await countOrders(session, range, buckets)),
    ...(await countEnded(session, range, buckets)),
    ...(await countBuyers(session, range, buckets)),
  ];
}

type Sql = { sql: string; values: unknown[] };

function bucketOf(time: string, buckets: Buckets): Sql {
  if (!buckets) return { sql: '0', values: [] };
  const values = [new Date(buckets.startMs), buckets.lengthMs / 1000];
  return { sql: `TIMESTAMPDIFF(SECOND, ?, ${time}) DIV ?`, values };
}

/** With the AND before each condition. */
function within(time: string, { fromMs, untilMs }: OrderRange): Sql {
  return {
    sql: `${fromMs === null ? '' : ` AND ${time} >= ?`}${untilMs === null ? '' : ` AND ${time} < ?`}`,
    values: [fromMs, untilMs].filter((ms) => ms !== null).map((ms) => new Date(ms)),
  };
}

/** Microseconds between two columns. Clocks of two machines may differ: never less than 0. */
const between = (from: string, to: string) => `GREATEST(0, TIMESTAMPDIFF(MICROSECOND, o.${from}, o.${to}))`;
const millisecond = (time: string) => `TIMESTAMPDIFF(MICROSECOND, '1970-01-01', ${time}) DIV 1000`;
const sumIf = (condition: string, value: string) => `COALESCE(SUM(IF(${condition}, ${value}, 0)), 0)`;
const CENTS = 'o.price_cents * o.quantity';
const IS_CONFIRMED = `o.state IN ${CONFIRMED_STATES}`;

/** All orders of a stock may be most of the table: then the server chooses how to read them. */
const indexFor = ({ changesBy }: OrderRange) => (changesBy === 'rows' ? '' : 'FORCE INDEX (by_stock)');

function countDecided(session: Session, range: OrderRange, buckets: Buckets): Promise<FigureRow[]> {
  const bucket = bucketOf('o.create_time', buckets);
  const inRange = within('o.create_time', range);
  return session.rows<FigureRow>(
    `SELECT ${bucket.sql} AS bucket, COUNT(*) AS orders, COUNT(IF(${IS_CONFIRMED}, 1, NULL)) AS confirmed,
       ${sumIf(IS_CONFIRMED, 'o.quantity')} AS confirmedUnits, ${sumIf(IS_CONFIRMED, CENTS)} AS confirmedCents,
       COUNT(IF(${between('minted_at', 'create_time')} > ${SLOW_MS * 1000}, 1, NULL)) AS slow,
       COUNT(IF(o.minted_at IS NOT NULL, o.appended_at, NULL)) AS logged,
       SUM(${between('minted_at', 'appended_at')}) AS toLogUs,
       SUM(IF(o.minted_at IS NULL, NULL, ${between('appended_at', 'create_time')})) AS toDecisionUs,
       MAX(${between('minted_at', 'create_time')}) AS slowestUs,
       ${millisecond("MIN(IF(o.state = 'sold_out' AND COALESCE(o.units_left, 0) = 0, o.create_time, NULL))")} AS soldOutAtMs
     FROM stock_order o ${indexFor(range)} WHERE o.sid = ?${inRange.sql} GROUP BY bucket`,
    [...bucket.values, range.sid, ...inRange.values],
  );
}

/** The orders `o` of which some changed in the range, with the WHERE. A transaction writes the event of a change after the change. */
function changedOrders({ sid, fromMs, changesBy }: OrderRange): Sql {
  if (changesBy === 'rows') return { sql: 'stock_order o WHERE o.sid = ?', values: [sid] };
  return {
    sql: `(SELECT DISTINCT order_no FROM order_event FORCE INDEX (of_stock) WHERE sid = ? AND create_time >= ?) e
      STRAIGHT_JOIN stock_order o FORCE INDEX (PRIMARY) ON o.order_no = e.order_no WHERE o.sid = ?`,
    values: [sid, new Date(fromMs ?? 0), sid],
  };
}

function countPaid(session: Session, range: OrderRange, buckets: Buckets): Promise<FigureRow[]> {
  const bucket = bucketOf('o.paid_at', buckets);
  const changed = changedOrders(range);
  const inRange = within('o.paid_at', range);
  return session.rows<FigureRow>(
    `SELECT ${bucket.sql} AS bucket, COUNT(*) AS paid, SUM(o.quantity) AS paidUnits, SUM(${CENTS}) AS paidCents,
       ${millisecond('MAX(o.paid_at)')} AS lastPaidAtMs
     FROM ${changed.sql} AND o.state IN ('paid', 'refunded')${inRange.sql} GROUP BY bucket`,
    [...bucket.values, ...changed.values, ...inRange.values],
  );
}

function countEnded(session: Session, range: OrderRange, buckets: Buckets): Promise<FigureRow[]> {
  const bucket = bucketOf('o.ended_at', buckets);
  const changed = changedOrders(range);
  const inRange = within('o.ended_at', range);
  const ended = (['refunded', 'expired', 'cancelled'] as const).map((state) => {
    const inState = `o.state = '${state}'`;
    return `${sumIf(inState, 'o.quantity')} AS ${state}Units, ${sumIf(inState, CENTS)} AS ${state}Cents`;
  });
  return session.rows<FigureRow>(
    `SELECT ${bucket.sql} AS bucket, ${ended.join(', ')}
     FROM ${changed.sql} AND o.state IN ('refunded', 'expired', 'cancelled')${inRange.sql} GROUP BY bucket`,
    [...bucket.values, ...changed.values, ...inRange.values],
  );
}

/** Each buyer once, at the first confirmed order. A count of earlier ones, because MariaDB may turn NOT EXISTS into a scan. */
function countBuyers(session: Session, range: OrderRange, buckets: Buckets): Promise<FigureRow[]> {
  const { sid, fromMs } = range;
  const bucket = bucketOf('f.confirmedAt', buckets);
  const inRange = within('o.create_time', range);
  const isFirst = `(SELECT COUNT(*) FROM stock_order o FORCE INDEX (by_buyer)
    WHERE o.buyer = f.buyer AND o.create_time < ? AND o.sid = ? AND ${IS_CONFIRMED}) = 0`;
  return session.rows<FigureRow>(
    `SELECT ${bucket.sql} AS bucket, COUNT(*) AS buyers FROM (
       SELECT o.buyer, MIN(o.create_time) AS confirmedAt FROM stock_order o ${indexFor(range)}
       WHERE o.sid = ? AND ${IS_CONFIRMED}${inRange.sql} GROUP BY o.buyer) f
     ${fromMs === null ? '' : `WHERE ${isFirst}`} GROUP BY bucket`,
    [...bucket.values, sid, ...inRange.values, ...(fromMs === null ? [] : [new Date(fromMs), sid])],
  );
}
