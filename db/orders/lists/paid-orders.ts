import type { Session } from '../../mysql/database.ts';

/** The numbers of the stock's paid orders, oldest first, at most `limit`. */
export async function readPaidOrderNos(session: Session, sid: number, limit: number): Promise<string[]> {
  const rows = await session.rows<{ orderNo: string }>(
    `SELECT order_no AS orderNo FROM stock_order WHERE sid = ? AND state = 'paid' ORDER BY create_time, order_no LIMIT ?`,
    [sid, limit],
  );
  return rows.map(({ orderNo }) => orderNo);
}

export async function countPaidOrders(session: Session, sid: number): Promise<number> {
  const [row] = await session.rows<{ count: number }>(
    `SELECT COUNT(*) AS count FROM stock_order WHERE sid = ? AND state = 'paid'`,
    [sid],
  );
  return Number(row?.count ?? 0);
}
