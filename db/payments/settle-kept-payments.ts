import type { Knex } from 'knex';
import { ROLL_BACK, useSession, useTransaction } from '../mysql/use-session.ts';
import { claimKeptPayments, finishKeptPayment, type PaymentEvent, readKeptPayments } from './payment-table.ts';
import { type RecordedPayment, recordPayment } from './record-payment.ts';

const BATCH = 100;

/**
 * Records payments that were kept, where their order is known by now. True: there may be more. Any number of jobs may run at once: each has
 * its own, and an event counts once, by whichever process it is recorded.
 */
export async function settleKeptPayments(
  mysql: Knex,
  statementMs: number,
  onSettled: (event: PaymentEvent, recorded: RecordedPayment) => void,
): Promise<boolean> {
  const due = await useTransaction(mysql, statementMs, (session) => claimKeptPayments(session, BATCH));
  if (due === ROLL_BACK) return false;
  for (const event of due) {
    const recorded = await settle(mysql, statementMs, event);
    if (recorded.outcome !== 'KEPT') onSettled(event, recorded);
  }
  return due.length === BATCH;
}

/** Records each payment that is kept now, once, whatever its next try. `unknown`: how many are of orders that are not known. */
export async function settleAllKeptPayments(
  mysql: Knex,
  statementMs: number,
): Promise<{ settled: number; unknown: number }> {
  const counts = { settled: 0, unknown: 0 };
  let after = '';
  for (;;) {
    const kept = await useSession(mysql, statementMs, (session) => readKeptPayments(session, after, BATCH));
    for (const event of kept) {
      const { outcome } = await settle(mysql, statementMs, event);
      counts[outcome === 'KEPT' ? 'unknown' : 'settled'] += 1;
      after = event.eventId;
    }
    if (kept.length < BATCH) return counts;
  }
}

async function settle(mysql: Knex, statementMs: number, event: PaymentEvent): Promise<RecordedPayment> {
  const recorded = await recordPayment(mysql, statementMs, event);
  if (recorded.outcome !== 'KEPT') {
    await useSession(mysql, statementMs, (session) => finishKeptPayment(session, event.eventId));
  }
  return recorded;
}
