import type { Knex } from 'knex';
import { endOrder, type OrderChange } from './cancel-order.ts';
import { oweRefund, readPaymentsOfOrder } from './payment-table.ts';
import { realPace } from './repeat-transaction.ts';

/** Ends a paid order: the unit is on sale again, and the money is owed to the buyer, with the same COMMIT. */
export function refundOrder(
  mysql: Knex,
  statementMs: number,
  orderNo: string,
  reason: string,
  pace = realPace,
): Promise<OrderChange> {
  return endOrder(
    mysql,
    statementMs,
    orderNo,
    { from: 'paid', to: 'refunded' },
    () => true,
    async (session) => {
      for (const payment of await readPaymentsOfOrder(session, orderNo)) {
        if (payment.state === 'paid') await oweRefund(session, payment, reason);
      }
    },
    pace,
  );
}
