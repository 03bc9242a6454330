import type { Order } from '../../db/orders/order-table.ts';
import type { PaymentState } from '../../db/payments/payment-table.ts';
import type { GatewayPayment, PaymentGateway, StoredPayment } from '../../proto/payments/payment-gateway.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';

/** A payment whose gateway is to be asked. */
export type AskedPayment = StoredPayment & { state: PaymentState; endedAt: Date | null };

/**
 * Asks the gateway about a payment. It is read while its order awaits payment, and its session is ended when the order is over. After
 * the end, and of a payment that is settled, a read looks for money. Null: the gateway has no state.
 */
export function askGateway(
  { readPayment, endSession }: Pick<PaymentGateway, 'readPayment' | 'endSession'>,
  clock: Clock,
  { paymentId, sessionId, chargeId, state, endedAt }: AskedPayment,
  order: Order | undefined,
): Promise<GatewayPayment> | null {
  const isEndDue = state === 'started' && endedAt === null && order !== undefined && overSinceMs(order) !== null;
  const ask = isEndDue ? endSession : readPayment;
  return ask && withDeadline(clock, deadlines.SESSION.ms, 'the gateway', ask({ paymentId, sessionId, chargeId }));
}

/** Since when the order needs no money any more. Null: it awaits payment. */
export function overSinceMs({ state, payByMs, paidAtMs, endedAtMs, readAtMs }: Order): number | null {
  if (state !== 'awaiting_payment') return endedAtMs ?? paidAtMs ?? readAtMs;
  return payByMs !== null && payByMs <= readAtMs ? payByMs : null;
}
