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
export type PaymentRecord = Pick<Payment, 'paymentId' | 'orderNo' | 'state' | 'amountCents' | 'currency' | 'reason'> & {
  paidAtMs: number | null;
  refundedAtMs: number | null;
};

type PaymentRow = Omit<PaymentRecord, `${string}AtMs`> & {
  paidCents: number | null;
  paidCurrency: string | null;
  paidAt: Date | null;
  refundedAt: Date | null;
};

/** The payments of these orders, oldest first, without a lock. The amount is what was paid, or what is to be paid. */
export async function readPaymentRecords(session: Session, orderNos: string[]): Promise<PaymentRecord[]> {
  if (orderNos.length === 0) return [];
  const rows = await session.rows<PaymentRow>(
    `SELECT payment_id AS paymentId, order_no AS orderNo, amount_cents AS amountCents, currency, state, reason,
       paid_cents AS paidCents, paid_currency AS paidCurrency, paid_at AS paidAt, refunded_at AS refundedAt
     FROM payment WHERE order_no IN (?) ORDER BY create_time, payment_id`,
    [orderNos],
  );
  return rows.map(({ paidCents, paidCurrency, paidAt, refundedAt, ...row }) => ({
    ...row,
    amountCents: paidCents ?? row.amountCents,
    currency: paidCurrency ?? row.currency,
    paidAtMs: paidAt?.getTime() ?? null,
    refundedAtMs: refundedAt?.getTime() ?? null,
  }));
}

/** Locks and reads the payments of an order, oldest first. The caller has locked the order's row. */
export function readPaymentsOfOrder(session: Session, orderNo: string): Promise<Payment[]> {
  return session.rows<Payment>(`${SELECT} WHERE order_no = ? ORDER BY create_time, payment_id FOR UPDATE`, [orderNo]);
}

/** Locks and reads a payment. */
export async function readPayment(session: Session, paymentId: string): Promise<Payment | undefined> {
  return (await session.rows<Payment>(`${SELECT} WHERE payment_id = ? FOR UPDATE`, [paymentId]))[0];
}

export type NewPayment = Pick<Payment, 'paymentId' | 'orderNo' | 'amountCents' | 'currency'>;

export async function insertPayment(session: Session, payment: NewPayment): Promise<void> {
  const { paymentId, orderNo, amountCents, currency } = payment;
  await session.change(
    `INSERT INTO payment (payment_id, order_no, amount_cents, currency, state) VALUES (?, 'started')`,
    [[paymentId, orderNo, amountCents, currency]],
  );
}

/** What was paid. */
export type PaidAmount = { amountCents: number; currency: string };

/** Records the money of a started payment. */
export async function markPaid(session: Session, payment: Payment, paid: PaidAmount): Promise<void> {
  const changed = await session.change(
    `UPDATE payment SET state = 'paid', paid_cents = ?, paid_currency = ?, paid_at = NOW(3)
     WHERE payment_id = ? AND state = 'started'`,
    [paid.amountCents, paid.currency, payment.paymentId],
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

/** The answer to an event. It never changes. */
export type PaymentOutcome = 'PAID' | 'ALREADY_PAID' | 'PAYMENT_REFUNDED' | 'WRONG_AMOUNT' | 'NO_PAYMENT';

/** A message of the gateway. */
export type PaymentEvent = PaidAmount & { eventId: string; paymentId: string; orderNo: string };

export async function readEventOutcome(session: Session, eventId: string): Promise<PaymentOutcome | undefined> {
  const sql = 'SELECT outcome FROM payment_event WHERE event_id = ?';
  return (await session.rows<{ outcome: PaymentOutcome }>(sql, [eventId]))[0]?.outcome;
}

export async function insertPaymentEvent(
  session: Session,
  event: PaymentEvent,
  outcome: PaymentOutcome,
): Promise<void> {
  const { eventId, paymentId, orderNo, amountCents, currency } = event;
  await session.change(
    'INSERT INTO payment_event (event_id, payment_id, order_no, amount_cents, currency, outcome) VALUES (?)',
    [[eventId, paymentId, orderNo, amountCents, currency, outcome]],
  );
}

/** Keeps a payment of an unknown order, to settle it later. False: it is already kept. */
export async function keepPayment(session: Session, event: PaymentEvent): Promise<boolean> {
  const { eventId, paymentId, orderNo, amountCents, currency } = event;
  const changed = await session.change(
    `INSERT IGNORE INTO kept_payment (event_id, payment_id, order_no, amount_cents, currency, next_try_at) VALUES (?, NOW(3))`,
    [[eventId, paymentId, orderNo, amountCents, currency]],
  );
  return changed === 1;
}

/** Claims due kept payments until their next try. The pause doubles with each try, from 2 s to a minute. */
export async function claimKeptPayments(session: Session, limit: number): Promise<PaymentEvent[]> {
  const due = await session.rows<PaymentEvent>(
    `SELECT event_id AS eventId, payment_id AS paymentId, order_no AS orderNo, amount_cents AS amountCents, currency
     FROM kept_payment WHERE next_try_at <= NOW(3) ORDER BY next_try_at LIMIT ? FOR UPDATE SKIP LOCKED`,
    [limit],
  );
  if (due.length === 0) return [];
  await session.change(
    `UPDATE kept_payment SET next_try_at = NOW(3) + INTERVAL LEAST(2 * POW(2, LEAST(tries, 20)), 60) SECOND, tries = tries + 1
     WHERE event_id IN (?)`,
    [due.map(({ eventId }) => eventId)],
  );
  return due;
}

/** All unsettled kept payments, due or not, that follow the event `afterEventId`. */
export function readKeptPayments(session: Session, afterEventId: string, limit: number): Promise<PaymentEvent[]> {
  return session.rows<PaymentEvent>(
    `SELECT event_id AS eventId, payment_id AS paymentId, order_no AS orderNo, amount_cents AS amountCents, currency
     FROM kept_payment WHERE next_try_at IS NOT NULL AND event_id > ? ORDER BY event_id LIMIT ?`,
    [afterEventId, limit],
  );
}

/** Marks a kept payment as settled. */
export async function finishKeptPayment(session: Session, eventId: string): Promise<void> {
  await session.change('UPDATE kept_payment SET next_try_at = NULL WHERE event_id = ?', [eventId]);
}

/** A refund to send to the gateway, of the paid amount. */
export type DueRefund = PaidAmount & { paymentId: string; orderNo: string; tries: number };

/**
 * Claims due refunds, oldest first, until their next try. The pause is `leaseSeconds` at first and doubles with each try, up to
 * `maxSeconds`.
 */
export async function claimRefunds(
  session: Session,
  limit: number,
  leaseSeconds: number,
  maxSeconds: number,
): Promise<DueRefund[]> {
  const due = await session.rows<DueRefund>(
    `SELECT payment_id AS paymentId, order_no AS orderNo, paid_cents AS amountCents, paid_currency AS currency,
       refund_tries AS tries FROM payment WHERE state = 'refund_due' AND next_try_at <= NOW(3)
     ORDER BY next_try_at LIMIT ? FOR UPDATE SKIP LOCKED`,
    [limit],
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
    `UPDATE payment SET state = 'refunded', refunded_at = NOW(3), next_try_at = NULL
     WHERE payment_id = ? AND state = 'refund_due'`,
    [paymentId],
  );
  return changed === 1;
}
