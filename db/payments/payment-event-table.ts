import type { Session } from '../mysql/database.ts';
import type { PaidAmount } from './payment-table.ts';

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
