import type { Session } from '../mysql/database.ts';
import type { OrderEvent } from '../orders/order-event-table.ts';

/** The event `confirmed` of an order that the log decided, and its place in the log, as its row has them. `index`: within the record. */
export type ConfirmedOrder = {
  event: OrderEvent;
  partition: number;
  offset: bigint;
  index: number;
  createdAtMs: number;
};

export type ConfirmedRow = Omit<OrderEvent, 'type' | 'createdAtMs'> & {
  judgedAt: Date | null;
  createTime: Date;
  logPartition: number;
  logOffset: number | string;
  logIndex: number;
};

export const CONFIRMED_COLUMNS = `o.order_no AS orderNo, o.sid, o.buyer, o.price_cents AS priceCents, s.currency, o.judged_at AS judgedAt,
  o.create_time AS createTime, o.log_partition AS logPartition, o.log_offset AS logOffset, o.log_index AS logIndex,
  o.quantity, o.reference, o.metadata`;

export function toConfirmedOrder({
  judgedAt,
  createTime,
  logPartition,
  logOffset,
  logIndex: index,
  ...rest
}: ConfirmedRow): ConfirmedOrder {
  const createdAtMs = createTime.getTime();
  const event: OrderEvent = { ...rest, type: 'confirmed', createdAtMs: judgedAt?.getTime() ?? createdAtMs };
  return { event, partition: logPartition, offset: BigInt(logOffset), index, createdAtMs };
}

/** Those of these orders that the log decided. They were confirmed. */
export async function readConfirmedOrders(session: Session, orderNos: string[]): Promise<ConfirmedOrder[]> {
  if (orderNos.length === 0) return [];
  const sql = `SELECT ${CONFIRMED_COLUMNS} FROM stock_order o JOIN stock s ON s.id = o.sid
    WHERE o.order_no IN (?) AND o.decided_by = 'log'`;
  return (await session.rows<ConfirmedRow>(sql, [orderNos])).map(toConfirmedOrder);
}
