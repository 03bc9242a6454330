import type { PaymentRefund } from '../../proto/payments/payment-gateway.ts';
import type { Session } from '../mysql/database.ts';

/** A refund to send to the gateway, of the paid amount. */
export type DueRefund = PaymentRefund & { orderNo: string };

export type ClaimRefundsOptions = {
  /** Refunds of payments of this gateway, and of payments that were stored without a gateway. */
  gateway: string;
  limit: number;
  leaseSeconds: number;
  maxSeconds: number;
};

/**
 * Claims due refunds, oldest first, until their next try. The pause is `leaseSeconds` at first and doubles with each try, up to
 * `maxSeconds`.
 */
export async function claimRefunds(session: Session, options: ClaimRefundsOptions): Promise<DueRefund[]> {
  const { gateway, limit, leaseSeconds, maxSeconds } = options;
  const due = await session.rows<DueRefund>(
    `SELECT payment_id AS paymentId, order_no AS orderNo, paid_cents AS amountCents, paid_currency AS currency,
       session_id AS sessionId, charge_id AS chargeId, refund_tries AS tries
     FROM payment WHERE state = 'refund_due' AND next_try_at <= NOW(3) AND (gateway IS NULL OR gateway = ?)
     ORDER BY next_try_at LIMIT ? FOR UPDATE SKIP LOCKED`,
    [gateway, limit],
  );
  if (due.length === 0) return [];
  await session.change(
    `UPDATE payment SET next_try_at = NOW(3) + INTERVAL LEAST(? * POW(2, LEAST(refund_tries, 30)), ?) SECOND,
       refund_tries = refund_tries + 1 WHERE payment_id IN (?)`,
    [leaseSeconds, maxSeconds, due.map(({ paymentId }) => paymentId)],
  );
  return due;
}

/** Marks a payment as refunded. False: it is already marked. */
export async function finishRefund(session: Session, paymentId: string): Promise<boolean> {
  const changed = await session.change(
    `UPDATE payment SET state = 'refunded', refunded_at = NOW(3), next_try_at = NULL, refund_failure = NULL,
       returned_cents = paid_cents WHERE payment_id = ? AND state = 'refund_due'`,
    [paymentId],
  );
  return changed === 1;
}

/**
 * Makes a refund due again of which the gateway now has less than it had: it has failed after all, or this was read before it. Its next try
 * looks it up.
 */
export async function reopenRefund(session: Session, paymentId: string, returnedCents: number): Promise<void> {
  await session.change(
    `UPDATE payment SET state = 'refund_due', refunded_at = NULL, next_try_at = NOW(3), returned_cents = ?,
       refund_tries = GREATEST(refund_tries, 1) WHERE payment_id = ? AND state = 'refunded' AND returned_cents > ?`,
    [returnedCents, paymentId, returnedCents],
  );
}

/** Makes refused refunds due again. Their next tries look up what was made before. Returns how many. */
export function retryRefusedRefunds(session: Session): Promise<number> {
  return session.change(
    `UPDATE payment FORCE INDEX (refunds_due) SET refund_failure = NULL, next_try_at = NOW(3), refund_tries = 0
     WHERE state = 'refund_due' AND next_try_at IS NULL AND refund_failure IS NOT NULL`,
  );
}

/** The gateway has accepted the refund; its next try looks it up. */
export async function noteRefundPending(session: Session, paymentId: string): Promise<void> {
  await session.change(
    `UPDATE payment SET refund_pending_at = COALESCE(refund_pending_at, NOW(3)) WHERE payment_id = ? AND state = 'refund_due'`,
    [paymentId],
  );
}

/** The gateway refuses the refund: it is not tried again before a person acts. */
export async function noteRefundFailure(session: Session, paymentId: string, reason: string): Promise<void> {
  await session.change(
    `UPDATE payment SET refund_failure = ?, next_try_at = NULL WHERE payment_id = ? AND state = 'refund_due'`,
    [[...reason].slice(0, MAX_REASON).join(''), paymentId],
  );
}

/** The length of the column. */
const MAX_REASON = 200;
