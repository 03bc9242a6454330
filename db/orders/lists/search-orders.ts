import type { Session } from '../../mysql/database.ts';
import type { OrderState } from '../order-states.ts';
import { type Order, type OrderPosition, selectOrders } from '../order-table.ts';

/** Orders of a buyer, of a stock, or both. Without either the whole table would be read. */
export type OrderSearch = {
  owner: { buyer: string; sid?: number } | { buyer?: never; sid: number };
  /** Empty: all. */
  states: readonly OrderState[];
  reference: string | null;
  /** Time of the decision, milliseconds since 1970 (UTC): from the first one, before the second one. */
  fromMs: number | null;
  untilMs: number | null;
  /** The end of the previous page. */
  behind: OrderPosition | null;
  limit: number;
};

export type OrdersFound = {
  orders: Order[];
  /** Where the next page begins; null: there is none. A page that has looked at many orders may be short, or empty. */
  next: OrderPosition | null;
};

/** A page looks at no more orders than this, however few of them match. */
export const MAX_SEARCHED = 5000;

/** Newest first. Orders are read in the sequence of an index, whose entries say where the page ends. */
export async function searchOrders(
  session: Session,
  search: OrderSearch,
  maxSearched = MAX_SEARCHED,
): Promise<OrdersFound> {
  const { owner, states, reference, limit } = search;
  const index = owner.buyer === undefined ? 'by_stock' : 'by_buyer';
  const indexed = inRange(search);
  const filters: Condition[] = [
    ...(owner.buyer !== undefined && owner.sid !== undefined ? [{ sql: 'o.sid = ?', values: [owner.sid] }] : []),
    ...(states.length > 0 ? [{ sql: 'o.state IN (?)', values: [states] }] : []),
    ...(reference !== null ? [{ sql: 'o.reference = ?', values: [reference] }] : []),
  ];
  const end = filters.length === 0 ? null : await readEnd(session, index, indexed, maxSearched);
  const all = join([...indexed, ...filters, ...(end ? [upTo(end)] : [])]);
  const found = await selectOrders(
    session,
    `FORCE INDEX (${index})`,
    `WHERE ${all.sql} ORDER BY o.create_time DESC, o.order_no DESC LIMIT ?`,
    [...all.values, limit + 1],
  );
  const orders = found.slice(0, limit);
  return { orders, next: found.length > limit ? (orders.at(-1) ?? null) : end };
}

type Condition = { sql: string; values: unknown[] };

/** The conditions that the index fulfils. */
function inRange({ owner, fromMs, untilMs, behind }: OrderSearch): Condition[] {
  const own =
    owner.buyer === undefined
      ? { sql: 'o.sid = ?', values: [owner.sid] }
      : { sql: 'o.buyer = ?', values: [owner.buyer] };
  return [
    own,
    ...(fromMs !== null ? [{ sql: 'o.create_time >= ?', values: [new Date(fromMs)] }] : []),
    ...(untilMs !== null ? [{ sql: 'o.create_time < ?', values: [new Date(untilMs)] }] : []),
    ...(behind
      ? [{ sql: '(o.create_time < ? OR (o.create_time = ? AND o.order_no < ?))', values: placeOf(behind) }]
      : []),
  ];
}

function upTo(end: OrderPosition): Condition {
  return { sql: '(o.create_time > ? OR (o.create_time = ? AND o.order_no >= ?))', values: placeOf(end) };
}

function placeOf({ createdAtMs, orderNo }: OrderPosition): unknown[] {
  const time = new Date(createdAtMs);
  return [time, time, orderNo];
}

/** The last of the next `count` orders, from the index alone. Null: there are fewer. */
async function readEnd(
  session: Session,
  index: string,
  indexed: Condition[],
  count: number,
): Promise<OrderPosition | null> {
  const { sql, values } = join(indexed);
  const [end] = await session.rows<{ createTime: Date; orderNo: string }>(
    `SELECT o.create_time AS createTime, o.order_no AS orderNo FROM stock_order o FORCE INDEX (${index})
     WHERE ${sql} ORDER BY o.create_time DESC, o.order_no DESC LIMIT 1 OFFSET ?`,
    [...values, count - 1],
  );
  return end ? { createdAtMs: end.createTime.getTime(), orderNo: end.orderNo } : null;
}

function join(conditions: Condition[]): Condition {
  return { sql: conditions.map(({ sql }) => sql).join(' AND '), values: conditions.flatMap(({ values }) => values) };
}
