import { buyerKey, type Decision, type KnownOrder, type LiveOrder, type OrderState } from './decide-batch.ts';
import type { Session } from './use-session.ts';

/** A row of `stock_order`. Times are milliseconds since 1970 (UTC). */
export type Order = {
  orderNo: string;
  sid: number;
  buyer: string;
  name: string;
  state: OrderState;
  decision: Decision;
  liveOrderNo: string | null;
  priceCents: number;
  createdAtMs: number;
  payByMs: number | null;
};

export type DecidedBy = 'log' | 'direct' | 'ladder';

export type NewOrder = {
  orderNo: string;
  sid: number;
  buyer: string;
  name: string;
  state: OrderState;
  liveOrderNo: string | null;
  priceCents: number;
  mintedAtMs: number | null;
  payByMs: number | null;
  decidedBy: DecidedBy;
  partition: number | null;
  offset: bigint | null;
};

/** What was decided about an order, whatever has become of it since. */
export function decisionOf(state: OrderState): Decision {
  switch (state) {
    case 'sold_out':
      return 'SOLD_OUT';
    case 'duplicate':
      return 'DUPLICATE';
    case 'awaiting_payment':
    case 'paid':
    case 'refunded':
    case 'expired':
    case 'cancelled':
      return 'CONFIRMED';
    default:
      return state satisfies never;
  }
}

export async function readKnownOrders(session: Session, orderNos: string[]): Promise<KnownOrder[]> {
  if (orderNos.length === 0) return [];
  const rows = await session.rows<Omit<KnownOrder, 'decision'> & { state: OrderState }>(
    'SELECT order_no AS orderNo, sid, buyer, state, live_order_no AS liveOrderNo FROM stock_order WHERE order_no IN (?)',
    [orderNos],
  );
  return rows.map(({ state, ...rest }) => ({ ...rest, decision: decisionOf(state) }));
}

/** The live orders of these buyers. One range of the unique key for each stock, in one statement. */
export async function readLiveOrders(session: Session, wanted: { sid: number; buyer: string }[]): Promise<LiveOrder[]> {
  const buyersOf = Map.groupBy(new Map(wanted.map((order) => [buyerKey(order), order])).values(), ({ sid }) => sid);
  if (buyersOf.size === 0) return [];
  const one = 'SELECT order_no AS orderNo, sid, buyer FROM stock_order WHERE sid = ? AND buyer IN (?) AND live = 1';
  const sql = Array(buyersOf.size).fill(one).join(' UNION ALL ');
  const values = [...buyersOf].flatMap(([sid, orders]) => [sid, orders.map(({ buyer }) => buyer)]);
  return session.rows<LiveOrder>(sql, values);
}

/**
 * One INSERT for all. Plain on purpose: a duplicate key means that somebody else decided one of them, and then everything
 * in this transaction must be decided again.
 */
export async function insertOrders(session: Session, orders: NewOrder[]): Promise<void> {
  if (orders.length === 0) return;
  const date = (ms: number | null) => (ms === null ? null : new Date(ms));
  await session.change(
    `INSERT INTO stock_order (order_no, sid, buyer, name, state, live_order_no, price_cents, minted_at, pay_by, decided_by,
       log_partition, log_offset) VALUES ?`,
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
      ]),
    ],
  );
}

type OrderRow = Omit<Order, 'decision' | 'createdAtMs' | 'payByMs'> & { createTime: Date; payBy: Date | null };

const COLUMNS = `order_no AS orderNo, sid, buyer, name, state, live_order_no AS liveOrderNo, price_cents AS priceCents,
  create_time AS createTime, pay_by AS payBy`;

function toOrder({ createTime, payBy, ...rest }: OrderRow): Order {
  return {
    ...rest,
    decision: decisionOf(rest.state),
    createdAtMs: createTime.getTime(),
    payByMs: payBy?.getTime() ?? null,
  };
}

export async function readOrders(session: Session, orderNos: string[]): Promise<Order[]> {
  if (orderNos.length === 0) return [];
  const rows = await session.rows<OrderRow>(`SELECT ${COLUMNS} FROM stock_order WHERE order_no IN (?)`, [orderNos]);
  return rows.map(toOrder);
}
