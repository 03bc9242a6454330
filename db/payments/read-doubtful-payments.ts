import type { Session } from '../mysql/database.ts';
import type { PaymentState } from './payment-table.ts';

/** A payment of which the gateway may know more than the row. */
export type DoubtfulPayment = {
  paymentId: string;
  orderNo: string;
  state: PaymentState;
  amountCents: number;
  currency: string;
  gateway: string | null;
  sessionId: string | null;
  chargeId: string | null;
  endedAt: Date | null;
  refundFailure: string | null;
};

const COLUMNS = `payment_id AS paymentId, order_no AS orderNo, state, COALESCE(paid_cents, amount_cents) AS amountCents,
  COALESCE(paid_currency, currency) AS currency, gateway, session_id AS sessionId, charge_id AS chargeId,
  session_ended_at AS endedAt, refund_failure AS refundFailure`;

/** Each by an index. Never read at the gateway, a paid payment has no `returned_cents`. */
const DOUBTS = [
  `FORCE INDEX (refunds_due) WHERE state = 'refund_due'`,
  'FORCE INDEX (sessions_due) WHERE session_next_at IS NOT NULL',
  `FORCE INDEX (refunds_due) WHERE state = 'paid' AND returned_cents IS NULL AND gateway IS NOT NULL
     AND paid_at > NOW(3) - INTERVAL 30 DAY`,
] as const;

/**
 * Payments in doubt, at most `limit` of each kind: refunds that are due or refused, sessions that are not settled, and payments of the last 30
 * days that were never read at the gateway.
 */
export async function readDoubtfulPayments(session: Session, limit: number): Promise<DoubtfulPayment[]> {
  const found = new Map<string, DoubtfulPayment>();
  for (const doubt of DOUBTS) {
    const rows = await session.rows<DoubtfulPayment>(
      `SELECT ${COLUMNS} FROM payment ${doubt} ORDER BY create_time, payment_id LIMIT ?`,
      [limit],
    );
    for (const row of rows) found.set(row.paymentId, row);
  }
  return [...found.values()];
}
