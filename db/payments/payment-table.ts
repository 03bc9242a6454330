import assert from 'node:assert/strict';
import type { Session } from '../mysql/database.ts';

export type PaymentState = 'started' | 'paid' | 'refund_due' | 'refunded';

/** A row of `payment`. Amounts are in the currency's smallest unit. */
export type Payment = {
  paymentId: string;
  orderNo: string;
  amountCents: number;
  /** ISO 4217. */
  currency: string;
  state: PaymentState;
  /** The reason of the refund. */
  reason: string | null;
};

const SELECT =
  'SELECT payment_id AS paymentId, order_no AS orderNo, amount_cents AS amountCents, currency, state, reason FROM payment';

/** A payment with its current state and times. */
export type PaymentRecord = Payment & {
  /** Null: one without sessions of its own. */
  gateway: string | null;
  sessionId: string | null;
  chargeId: string | null;
  /** Why the gateway refuses the refund. */
  refundFailure: string | null;
  /** refunded at the gateway, also by hand. */
  returnedCents: number | null;
  dispute: string | null;
  createdAtMs: number;
  paidAtMs: number | null;
  sessionEndedAtMs: number | null;
  /** When the gateway accepted the refund. */
  refundPendingAtMs: number | null;
  refundedAtMs: number | null;
};

type PaymentTimes = { createdAt: Date } & Record<
  'paidAt' | 'sessionEndedAt' | 'refundPendingAt' | 'refundedAt',
  Date | null
>;
type PaymentRow = Omit<PaymentRecord, `${string}Ms`> &
  PaymentTimes & { paidCents: number | null; paidCurrency: string | null };

/** The payments of these orders, oldest first, without a lock. The amount is what was paid, or what is to be paid. */
export async function readPaymentRecords(session: Session, orderNos: string[]): Promise<PaymentRecord[]> {
  if (orderNos.length === 0) return [];
  const rows = await session.rows<PaymentRow>(
    `SELECT payment_id AS paymentId, order_no AS orderNo, amount_cents AS amountCents, currency, state, reason,
       paid_cents AS paidCents, paid_currency AS paidCurrency, gateway, session_id AS sessionId, charge_id AS chargeId,
       refund_failure AS refundFailure, returned_cents AS returnedCents, dispute, create_time AS createdAt, paid_at AS paidAt,
       session_ended_at AS sessionEndedAt, refund_pending_at AS refundPendingAt, refunded_at AS refundedAt
     FROM payment WHERE order_no IN (?) ORDER BY create_time, payment_id`,
    [orderNos],
  );
  return rows.map(toRecord);
}

function toRecord({ paidCents, paidCurrency, ...row }: PaymentRow): PaymentRecord {
  const { createdAt, paidAt, sessionEndedAt, refundPendingAt, refundedAt, ...rest } = row;
  return {
    ...rest,
    amountCents: paidCents ?? row.amountCents,
    currency: paidCurrency ?? row.currency,
    createdAtMs: createdAt.getTime(),
    paidAtMs: paidAt?.getTime() ?? null,
    sessionEndedAtMs: sessionEndedAt?.getTime() ?? null,
    refundPendingAtMs: refundPendingAt?.getTime() ?? null,
    refundedAtMs: refundedAt?.getTime() ?? null,
  };
}

/**
 * The payments of these orders, oldest first, without a lock. The caller has locked the orders' rows: a started or paid payment changes
 * only with the lock of its order.
 */
export async function readPaymentsOfOrders(session: Session, orderNos: string[]): Promise<Payment[]> {
  if (orderNos.length === 0) return [];
  return session.rows<Payment>(`${SELECT} WHERE order_no IN (?) ORDER BY create_time, payment_id`, [orderNos]);
}

/** Payments by id, without a lock, as above. */
export async function readPayments(session: Session, paymentIds: string[]): Promise<Payment[]> {
  if (paymentIds.length === 0) return [];
  return session.rows<Payment>(`${SELECT} WHERE payment_id IN (?)`, [paymentIds]);
}

export type NewPayment = Pick<Payment, 'paymentId' | 'orderNo' | 'amountCents' | 'currency'> & {
  /** The parameters of its session. Null: its gateway has no sessions, or only the gateway knows them. */
  session: SessionParameters | null;
};

/** Stored before the session is opened, and never changed. */
export type SessionParameters = { gateway: string; returnUrl: string; untilMs: number };

export async function insertPayments(session: Session, payments: NewPayment[]): Promise<void> {
  if (payments.length === 0) return;
  await session.change(
    `INSERT INTO payment (payment_id, order_no, amount_cents, currency, state, gateway, return_url, session_until) VALUES ?`,
    [
      payments.map(({ paymentId, orderNo, amountCents, currency, session: parameters }) => [
        paymentId,
        orderNo,
        amountCents,
        currency,
        'started',
        parameters?.gateway ?? null,
        parameters?.returnUrl ?? null,
        parameters ? new Date(parameters.untilMs) : null,
      ]),
    ],
  );
}

/** What was paid. */
export type PaidAmount = { amountCents: number; currency: string };

/** Records the money of started payments. Each was paid with its own amount. */
export async function markPaid(session: Session, paymentIds: string[]): Promise<void> {
  if (paymentIds.length === 0) return;
  // By the primary key: another index would make the statement wait for rows that it does not change.
  const changed = await session.change(
    `UPDATE payment FORCE INDEX (PRIMARY)
     SET state = 'paid', paid_cents = amount_cents, paid_currency = currency, paid_at = NOW(3)
     WHERE payment_id IN (?) AND state = 'started'`,
    [paymentIds],
  );
  assert.equal(changed, paymentIds.length);
}

/** Records the money of a started payment that pays nothing, and marks it for a refund. */
export async function markUnwanted(
  session: Session,
  paymentId: string,
  paid: PaidAmount,
  reason: string,
): Promise<void> {
  const changed = await session.change(
    `UPDATE payment SET state = 'refund_due', reason = ?, next_try_at = NOW(3), paid_cents = ?, paid_currency = ?,
       paid_at = NOW(3) WHERE payment_id = ? AND state = 'started'`,
    [reason, paid.amountCents, paid.currency, paymentId],
  );
  assert.equal(changed, 1);
}

/** Marks a paid payment for a refund. */
export async function oweRefund(session: Session, payment: Payment, reason: string): Promise<void> {
  const changed = await session.change(
    `UPDATE payment SET state = 'refund_due', reason = ?, next_try_at = NOW(3) WHERE payment_id = ? AND state = 'paid'`,
    [reason, payment.paymentId],
  );
  assert.equal(changed, 1);
}

/** Marks a paid payment as refunded by its gateway. The caller has locked its order and has seen it paid. */
export async function markReturned(session: Session, paymentId: string, reason: string): Promise<void> {
  const changed = await session.change(
    `UPDATE payment SET state = 'refunded', reason = ?, refunded_at = NOW(3) WHERE payment_id = ? AND state = 'paid'`,
    [reason, paymentId],
  );
  assert.equal(changed, 1);
}
