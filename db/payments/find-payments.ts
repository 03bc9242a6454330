import type { Session } from '../mysql/database.ts';
import { type PaymentRecord, readPaymentRecords, readPayments } from './payment-table.ts';

export type PaymentQuery = { orderNos: string[]; paymentIds: string[] };
export type PaymentsOfOrder = { orderNo: string; buyer: string; payments: PaymentRecord[] };

/** The payments of these orders, and of the orders of these payments, oldest first. What is unknown is left out. */
export async function findPayments(
  session: Session,
  { orderNos, paymentIds }: PaymentQuery,
): Promise<PaymentsOfOrder[]> {
  const named = await readPayments(session, paymentIds);
  const wanted = [...new Set([...orderNos, ...named.map(({ orderNo }) => orderNo)])];
  if (wanted.length === 0) return [];
  const orders = await session.rows<{ orderNo: string; buyer: string }>(
    'SELECT order_no AS orderNo, buyer FROM stock_order WHERE order_no IN (?)',
    [wanted],
  );
  const payments = Map.groupBy(await readPaymentRecords(session, wanted), ({ orderNo }) => orderNo);
  return orders.map(({ orderNo, buyer }) => ({ orderNo, buyer, payments: payments.get(orderNo) ?? [] }));
}
