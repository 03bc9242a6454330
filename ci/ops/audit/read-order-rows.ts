import type { Session } from '../../../db/mysql/database.ts';
import type { OrderState } from '../../../db/orders/order-states.ts';
import type { LogPlaceOfRow } from '../../../proto/messages/log-place.ts';

/** An order's row, as far as it is compared with the log. */
export type OrderRow = {
  orderNo: string;
  sid: number;
  buyer: string;
  state: OrderState;
  liveOrderNo: string | null;
} & LogPlaceOfRow;

/** The rows of these orders, by order number. */
export async function readOrderRows(session: Session, orders: { orderNo: string }[]): Promise<Map<string, OrderRow>> {
  if (orders.length === 0) return new Map();
  const rows = await session.rows<OrderRow>(
    `SELECT order_no AS orderNo, sid, buyer, state, live_order_no AS liveOrderNo, log_partition AS logPartition,
       log_offset AS logOffset, log_index AS logIndex
     FROM stock_order WHERE order_no IN (?)`,
    [[...new Set(orders.map(({ orderNo }) => orderNo))]],
  );
  return new Map(rows.map((row) => [row.orderNo, row]));
}
