import type { Database } from '../mysql/database.ts';
import { realPace } from '../mysql/repeat-transaction.ts';
import { endOrder, type OrderChange } from '../orders/cancel-order.ts';
import { type RecordChange, recordNothing } from '../stocks/admin-action-table.ts';
import { oweRefund, readPaymentsOfOrders } from './payment-table.ts';

/** Ends a paid order: returns its unit and marks its payments for a refund, in one transaction. `record` runs in it. */
export function refundOrder(
  database: Database,
  orderNo: string,
  reason: string,
  pace = realPace,
  record: RecordChange = recordNothing,
): Promise<OrderChange> {
  return endOrder(
    database,
    orderNo,
    { from: 'paid', to: 'refunded' },
    () => true,
    async (session) => {
      for (const payment of await readPaymentsOfOrders(session, [orderNo])) {
        if (payment.state === 'paid') await oweRefund(session, payment, reason);
      }
      await record(session, orderNo);
    },
    pace,
  );
}
