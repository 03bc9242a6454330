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

export type NewPayment = Pick<Payment, 'paymentId' | 'orderNo' | 'amountCents' | 'currency'>;

export async function insertPayments(session: Session, payments: NewPayment[]): Promise<void> {
  if (payments.length === 0) return;
  await session.change('INSERT INTO payment (payment_id, order_no, amount_cents, currency, state) VALUES ?', [
    payments.map(({ paymentId, orderNo, amountCents, currency }) => [
      paymentId,
      orderNo,
      amountCents,
      currency,
      'started',
    ]),
  ]);
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

/** The answer to an event. It never changes. */
export type PaymentOutcome = 'PAID' | 'ALREADY_PAID' | 'PAYMENT_REFUNDED' | 'WRONG_AMOUNT' | 'NO_PAYMENT';

/** A message of the gateway. */
export type PaymentEvent = PaidAmount & { eventId: string; paymentId: string; orderNo: string };
/** An event with its answer: a row of `payment_event`. */
export type AnsweredEvent = PaymentEvent & { outcome: PaymentOutcome };

/** The outcomes of the events that are recorded. */
export async function readEventOutcomes(session: Session, eventIds: string[]): Promise<Map<string, PaymentOutcome>> {
  if (eventIds.length === 0) return new Map();
  const rows = await session.rows<{ eventId: string; outcome: PaymentOutcome }>(
    'SELECT event_id AS eventId, outcome FROM payment_event WHERE event_id IN (?)',
    [eventIds],
  );
  return new Map(rows.map(({ eventId, outcome }) => [eventId, outcome]));
}

export async function insertPaymentEvents(session: Session, events: AnsweredEvent[]): Promise<void> {
  if (events.length === 0) return;
  await session.change(
    'INSERT INTO payment_event (event_id, payment_id, order_no, amount_cents, currency, outcome) VALUES ?',
    [
      events.map(({ eventId, paymentId, orderNo, amountCents, currency, outcome }) => [
        eventId,
        paymentId,
        orderNo,
        amountCents,
        currency,
        outcome,
      ]),
    ],
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
