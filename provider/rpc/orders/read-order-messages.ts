import type { Session } from '../../../db/mysql/database.ts';
import type { Order } from '../../../db/orders/order-table.ts';
import { type PaymentRecord, readPaymentRecords } from '../../../db/payments/payment-table.ts';
import type { OrderInput } from '../../../proto/gen/flashsale/v1/Order.ts';
import type { OrderPaymentInput } from '../../../proto/gen/flashsale/v1/OrderPayment.ts';
import { toOrderMessage } from './to-order-message.ts';

/** The messages of orders with their payments. Only confirmed orders have payments. */
export async function readOrderMessages(session: Session, orders: Order[]): Promise<OrderInput[]> {
  const confirmed = orders.filter(({ decision }) => decision === 'CONFIRMED').map(({ orderNo }) => orderNo);
  const payments = Map.groupBy(await readPaymentRecords(session, confirmed), ({ orderNo }) => orderNo);
  return orders.map((order) => ({
    ...toOrderMessage(order),
    payments: (payments.get(order.orderNo) ?? []).map(toPaymentMessage),
  }));
}

export function toPaymentMessage(record: PaymentRecord): OrderPaymentInput {
  const { orderNo: _, paidAtMs, refundedAtMs, refundPendingAtMs, sessionEndedAtMs, ...rest } = record;
  return {
    ...rest,
    reason: rest.reason ?? '',
    gateway: rest.gateway ?? '',
    sessionId: rest.sessionId ?? '',
    chargeId: rest.chargeId ?? '',
    refundFailure: rest.refundFailure ?? '',
    returnedCents: rest.returnedCents ?? 0,
    dispute: rest.dispute ?? '',
    ...(paidAtMs !== null && { paidAtMs }),
    ...(refundedAtMs !== null && { refundedAtMs }),
    ...(refundPendingAtMs !== null && { refundPendingAtMs }),
    ...(sessionEndedAtMs !== null && { sessionEndedAtMs }),
  };
}
