import type { Session } from '../mysql/database.ts';

// What orders need to know of the sessions of their payments (db/payments/session-table.ts).

/** Whether any session is not settled. One look at the index. */
export async function hasOpenSessions(session: Session): Promise<boolean> {
  const rows = await session.rows(
    'SELECT payment_id FROM payment FORCE INDEX (sessions_due) WHERE session_next_at IS NOT NULL LIMIT 1',
  );
  return rows.length > 0;
}

/** Those of the orders that have a started payment whose session is not settled. The caller has locked them. */
export async function readOrdersInSession(session: Session, orderNos: string[]): Promise<ReadonlySet<string>> {
  // In a sale without sessions one look instead of hundreds.
  if (orderNos.length === 0 || !(await hasOpenSessions(session))) return new Set();
  const rows = await session.rows<{ orderNo: string }>(
    `SELECT order_no AS orderNo FROM payment FORCE INDEX (payments_of_order)
     WHERE order_no IN (?) AND state = 'started' AND session_next_at IS NOT NULL`,
    [orderNos],
  );
  return new Set(rows.map(({ orderNo }) => orderNo));
}

/** Makes the open sessions of an order due at once. */
export async function hurrySessions(session: Session, orderNo: string): Promise<void> {
  await session.change(
    `UPDATE payment FORCE INDEX (payments_of_order) SET session_next_at = NOW(3)
     WHERE order_no = ? AND state = 'started' AND session_next_at IS NOT NULL AND session_ended_at IS NULL`,
    [orderNo],
  );
}
