import type { GatewayPayment } from '../../proto/payments/payment-gateway.ts';
import type { Database } from '../mysql/database.ts';
import { realPace } from '../mysql/repeat-transaction.ts';
import { endOrder } from '../orders/cancel-order.ts';
import type { UnitsAfter } from '../stocks/stock-table.ts';
import type { RecordedPayment } from './judge-events.ts';
import { markReturned, readPayments } from './payment-table.ts';
import { recordPayment } from './record-payments.ts';
import { finishRefund, reopenRefund } from './refund-table.ts';
import { endSession, noteMoney } from './session-table.ts';

/** What was read from a gateway. `sessionId`: null if it is not known. */
export type Settlement = { gateway: string; paymentId: string; sessionId: string | null; found: GatewayPayment };

export type SettledPayment = {
  /** Null: no money came. */
  recorded: RecordedPayment | null;
  /** The units of the stock, if this settlement has returned one. */
  units: UnitsAfter | null;
};

const NOTHING: SettledPayment = { recorded: null, units: null };

/**
 * Settles a payment with what its gateway knows of it. A call may repeat, or overtake an earlier one: money counts once. Its transactions
 * follow each other; a process that ends between them leaves the session due (order-worker/jobs/settle-sessions.ts).
 */
export async function settlePayment(
  database: Database,
  { gateway, paymentId, sessionId, found }: Settlement,
  pace = realPace,
): Promise<SettledPayment> {
  switch (found.state) {
    case 'open':
    case 'processing':
      return NOTHING;
    case 'ended':
      await database.session((session) => endSession(session, paymentId));
      return NOTHING;
    case 'paid': {
      const { orderNo, amountCents, currency, chargeId, refundedCents, dispute } = found;
      // One charge for each payment, so its id is that of the event: it counts once, however often it is read.
      const event = { eventId: `${gateway}-${paymentId}`, paymentId, orderNo, amountCents, currency };
      const recorded = await recordPayment(database, event, pace);
      if (recorded.outcome === 'KEPT' || recorded.outcome === 'NO_PAYMENT') return { recorded, units: null };
      const returned = await settleReturn(database, paymentId, found, pace);
      const money = { gateway, sessionId, chargeId, returnedCents: refundedCents, dispute };
      await database.session((session) => noteMoney(session, paymentId, money, returned === 'resting'));
      return { recorded, units: returned === 'resting' ? null : returned };
    }
    default:
      return found satisfies never;
  }
}

/** Follows what was refunded at the gateway. `resting`: the unit cannot be returned yet; the session stays due. */
async function settleReturn(
  database: Database,
  paymentId: string,
  { orderNo, amountCents, refundedCents }: GatewayPayment & { state: 'paid' },
  pace: typeof realPace,
): Promise<UnitsAfter | 'resting' | null> {
  const [payment] = await database.session((session) => readPayments(session, [paymentId]));
  const isReturned = amountCents > 0 && refundedCents >= amountCents;
  if (payment?.state === 'refunded' && !isReturned) {
    await database.session((session) => reopenRefund(session, paymentId, refundedCents));
  }
  if (payment?.state === 'refund_due' && isReturned) {
    await database.session((session) => finishRefund(session, paymentId));
  }
  if (payment?.state !== 'paid' || !isReturned) return null;
  const change = await endOrder(
    database,
    orderNo,
    { from: 'paid', to: 'refunded' },
    () => true,
    (session) => markReturned(session, paymentId, 'refunded at the gateway'),
    pace,
  );
  if (change.outcome === 'RESTING') return 'resting';
  return change.outcome === 'CHANGED' ? change.units : null;
}
