import assert from 'node:assert/strict';
import type { LogPlaceOfRow } from '../../proto/messages/log-place.ts';
import { hasDetails, type OrderDetails } from '../../proto/messages/order-details.ts';
import type { Session } from '../mysql/database.ts';
import { type ActiveOrder, buyerKey, type KnownOrder } from './decide-batch.ts';
import { type Decision, decisionOf, type OrderState } from './order-states.ts';

/** A row of `stock_order`. Times are milliseconds since 1970 (UTC). */
export type Order = {
  orderNo: string;
  sid: number;
  buyer: string;
  name: string;
  state: OrderState;
  decision: Decision;
  liveOrderNo: string | null;
  /** Of one unit. */
  priceCents: number;
  currency: string;
  /** Units. */
  quantity: number;
  /** The shop's. */
  reference: string | null;
  /** The shop's: a JSON object as text. */
  metadata: string | null;
  /** Of a sold-out order of several units: how many were left. */
  unitsLeft: number | null;
  decidedBy: DecidedBy;
  createdAtMs: number;
  payByMs: number | null;
  paidAtMs: number | null;
  /** When it was refunded, expired or cancelled. */
  endedAtMs: number | null;
  mintedAtMs: number | null;
  /** Its record in the log, if it has one. Rows from before migration 003 have no time. */
  logPartition: number | null;
  logOffset: number | string | null;
  /** Its place inside the record. */
  logIndex: number;
  appendedAtMs: number | null;
  /** The database's clock at the read. */
  readAtMs: number;
};

/** The price of all units of an order, in the currency's smallest unit. */
export function amountDue({ priceCents, quantity }: Pick<Order, 'priceCents' | 'quantity'>): number {
  return priceCents * quantity;
}

export type DecidedBy = 'log' | 'direct' | 'ladder' | 'offer';

export type NewOrder = OrderDetails & {
  orderNo: string;
  sid: number;
  buyer: string;
  name: string;
  state: OrderState;
  liveOrderNo: string | null;
  priceCents: number;
  mintedAtMs: number | null;
  payByMs: number | null;
  /** For a free order, which is paid with its decision. */
  paidAtMs?: number | null;
  /** The database's time by which the stock's window was judged. */
  judgedAtMs?: number | null;
  decidedBy: DecidedBy;
  partition: number | null;
  offset: bigint | null;
  /** Its place inside the record. Absent: 0. */
  index?: number;
  appendedAtMs?: number | null;
  /** Of the stock. Absent: 1. */
  maxPerOrder?: number;
  unitsLeft?: number | null;
};

/** A known order with what its event `confirmed` needs. */
export type KnownRow = KnownOrder &
  LogPlaceOfRow & {
    decidedBy: DecidedBy;
    priceCents: number;
    currency: string;
    quantity: number;
    reference: string | null;
    metadata: string | null;
    judgedAt: Date | null;
    createTime: Date;
  };

export async function readKnownOrders(session: Session, orderNos: string[]): Promise<KnownRow[]> {
  if (orderNos.length === 0) return [];
  const rows = await session.rows<Omit<KnownRow, 'decision'>>(
    `SELECT o.order_no AS orderNo, o.sid, o.buyer, o.state, o.live_order_no AS liveOrderNo, o.decided_by AS decidedBy,
       o.price_cents AS priceCents, s.currency, o.judged_at AS judgedAt, o.create_time AS createTime,
       o.log_partition AS logPartition, o.log_offset AS logOffset, o.log_index AS logIndex,
       o.quantity, o.reference, o.metadata, o.units_left AS unitsLeft
     FROM stock_order o JOIN stock s ON s.id = o.sid WHERE o.order_no IN (?)`,
    [orderNos],
  );
  return rows.map((row) => ({ ...row, decision: decisionOf(row.state) }));
}

/** The active orders of these buyers, in one statement with one range of the unique key for each stock. */
export async function readActiveOrders(
  session: Session,
  wanted: { sid: number; buyer: string }[],
): Promise<ActiveOrder[]> {
  const buyersOf = Map.groupBy(new Map(wanted.map((order) => [buyerKey(order), order])).values(), ({ sid }) => sid);
  if (buyersOf.size === 0) return [];
  const select = 'SELECT order_no AS orderNo, sid, buyer FROM stock_order WHERE sid = ? AND buyer IN (?) AND live = 1';
  const sql = Array(buyersOf.size).fill(select).join(' UNION ALL ');
  const values = [...buyersOf].flatMap(([sid, orders]) => [sid, orders.map(({ buyer }) => buyer)]);
  return session.rows<ActiveOrder>(sql, values);
}

/**
 * Inserts all orders in one statement, without IGNORE: a duplicate key means that another decider wrote one of the numbers, and then the
 * whole batch must be decided again.
 */
export async function insertOrders(session: Session, orders: NewOrder[]): Promise<void> {
  if (orders.length === 0) return;
  const date = (ms: number | null) => (ms === null ? null : new Date(ms));
  // Other orders have the defaults of these columns.
  const withDetails = orders.some(hasDetails);
  await session.change(
    `INSERT INTO stock_order (order_no, sid, buyer, name, state, live_order_no, price_cents, minted_at, pay_by, decided_by,
       log_partition, log_offset, appended_at, paid_at, judged_at, log_index${withDetails ? DETAILS : ''}) VALUES ?`,
    [
      orders.map((order) => [
        order.orderNo,
        order.sid,
        order.buyer,
        order.name,
        order.state,
        order.liveOrderNo,
        order.priceCents,
        date(order.mintedAtMs),
        date(order.payByMs),
        order.decidedBy,
        order.partition,
        order.offset === null ? null : String(order.offset),
        date(order.appendedAtMs ?? null),
        date(order.paidAtMs ?? null),
        date(order.judgedAtMs ?? null),
        order.index ?? 0,
        ...(withDetails ? detailsOf(order) : []),
      ]),
    ],
  );
}

const DETAILS = ', quantity, max_per_order, units_left, reference, metadata';

function detailsOf({ quantity, maxPerOrder, unitsLeft, reference, metadata }: NewOrder): unknown[] {
  return [quantity ?? 1, maxPerOrder ?? 1, unitsLeft ?? null, reference ?? null, metadata ?? null];
}

type OrderTimes = { createTime: Date; readAt: Date } & Record<
  'payBy' | 'paidAt' | 'endedAt' | 'mintedAt' | 'appendedAt',
  Date | null
>;
type OrderRow = Omit<Order, 'decision' | `${string}Ms`> & OrderTimes;

const COLUMNS = `SELECT o.order_no AS orderNo, o.sid, o.buyer, o.name, o.state, o.live_order_no AS liveOrderNo,
  o.price_cents AS priceCents, s.currency, o.quantity, o.reference, o.metadata, o.units_left AS unitsLeft,
  o.decided_by AS decidedBy, o.create_time AS createTime, o.pay_by AS payBy,
  o.paid_at AS paidAt, o.ended_at AS endedAt, o.minted_at AS mintedAt, o.appended_at AS appendedAt,
  o.log_partition AS logPartition, o.log_offset AS logOffset, o.log_index AS logIndex,
  NOW(3) AS readAt`;
const SELECT = `${COLUMNS} FROM stock_order o JOIN stock s ON s.id = o.sid`;

function toOrder({ createTime, payBy, paidAt, endedAt, mintedAt, appendedAt, readAt, ...rest }: OrderRow): Order {
  return {
    ...rest,
    decision: decisionOf(rest.state),
    createdAtMs: createTime.getTime(),
    payByMs: payBy?.getTime() ?? null,
    paidAtMs: paidAt?.getTime() ?? null,
    endedAtMs: endedAt?.getTime() ?? null,
    mintedAtMs: mintedAt?.getTime() ?? null,
    appendedAtMs: appendedAt?.getTime() ?? null,
    readAtMs: readAt.getTime(),
  };
}

/** Orders `o` by other conditions. `index`: an index hint. */
export async function selectOrders(
  session: Session,
  index: string,
  where: string,
  values: unknown[],
): Promise<Order[]> {
  const sql = `${COLUMNS} FROM stock_order o ${index} JOIN stock s ON s.id = o.sid ${where}`;
  return (await session.rows<OrderRow>(sql, values)).map(toOrder);
}

/** Orders by number, in any order, without a lock. */
export async function readOrders(session: Session, orderNos: string[]): Promise<Order[]> {
  if (orderNos.length === 0) return [];
  return (await session.rows<OrderRow>(`${SELECT} WHERE o.order_no IN (?)`, [orderNos])).map(toOrder);
}

/**
 * Locks orders and reads them, but does not lock their stocks. The primary key locks them in the order of their numbers. `skip` leaves out
 * those that another transaction has locked.
 */
export async function lockOrders(session: Session, orderNos: string[], whenLocked: 'wait' | 'skip'): Promise<Order[]> {
  if (orderNos.length === 0) return [];
  const lock = whenLocked === 'skip' ? 'FOR UPDATE SKIP LOCKED' : 'FOR UPDATE';
  // A locking read of the join would lock the stocks too.
  const locked = await session.rows<{ orderNo: string }>(
    `SELECT order_no AS orderNo FROM stock_order FORCE INDEX (PRIMARY) WHERE order_no IN (?) ${lock}`,
    [orderNos],
  );
  return readOrders(
    session,
    locked.map(({ orderNo }) => orderNo),
  );
}

/** Marks orders as paid. The caller has locked them and has seen that they await payment. */
export async function markOrdersPaid(session: Session, orderNos: string[]): Promise<void> {
  if (orderNos.length === 0) return;
  // By the primary key: another index would make the statement wait for orders that it does not change.
  const changed = await session.change(
    `UPDATE stock_order FORCE INDEX (PRIMARY) SET state = 'paid', paid_at = NOW(3)
     WHERE order_no IN (?) AND state = 'awaiting_payment'`,
    [orderNos],
  );
  assert.equal(changed, orderNos.length);
}

/** The last order of the previous page of a list. */
export type OrderPosition = { createdAtMs: number; orderNo: string };
export type OrderFilter = { buyer?: string; sid?: number };

/** The request for one page of a list. `behind` null: the first page. */
export type OrderPageRequest = { filter: OrderFilter; behind: OrderPosition | null; limit: number };

/** A buyer's or a stock's orders, newest first. */
export async function listOrders(session: Session, request: OrderPageRequest): Promise<Order[]> {
  const { sql, values } = pageQuery(request);
  return (await session.rows<OrderRow>(sql, values)).map(toOrder);
}

/** Several lists in one statement. */
export async function listManyOrders(session: Session, requests: OrderPageRequest[]): Promise<Order[][]> {
  const queries = requests.map(pageQuery);
  const sql = queries
    .map((query, i) => `SELECT ${i} AS list, page${i}.* FROM (${query.sql}) page${i}`)
    .join(' UNION ALL ');
  const values = queries.flatMap((query) => query.values);
  const rows = await session.rows<OrderRow & { list: number }>(sql, values);
  const lists = requests.map((): Order[] => []);
  for (const { list, ...row } of rows) lists[list]?.push(toOrder(row));
  // The order of the rows of a derived table is undefined.
  return lists.map((orders) => orders.toSorted(newestFirst));
}

function newestFirst(a: Order, b: Order): number {
  if (a.createdAtMs !== b.createdAtMs) return b.createdAtMs - a.createdAtMs;
  if (a.orderNo === b.orderNo) return 0;
  return a.orderNo < b.orderNo ? 1 : -1;
}

function pageQuery({ filter, behind, limit }: OrderPageRequest): { sql: string; values: unknown[] } {
  const conditions: [string, unknown[]][] = [];
  if (filter.buyer !== undefined) conditions.push(['o.buyer = ?', [filter.buyer]]);
  if (filter.sid !== undefined) conditions.push(['o.sid = ?', [filter.sid]]);
  if (conditions.length === 0) throw new Error('a list of orders needs a buyer or a stock');
  if (behind) {
    const time = new Date(behind.createdAtMs);
    conditions.push(['(o.create_time < ? OR (o.create_time = ? AND o.order_no < ?))', [time, time, behind.orderNo]]);
  }
  const where = conditions.map(([sql]) => sql).join(' AND ');
  const values = [...conditions.flatMap(([, parts]) => parts), limit];
  return { sql: `${SELECT} WHERE ${where} ORDER BY o.create_time DESC, o.order_no DESC LIMIT ?`, values };
}
