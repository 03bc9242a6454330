import type { Knex } from 'knex';
import { claimKeptPayments, finishKeptPayment, type PaymentEvent } from './payment-table.ts';
import { type RecordedPayment, recordPayment } from './record-payment.ts';
import { ROLL_BACK, useSession, useTransaction } from './use-session.ts';

const BATCH = 100;

/**
 * Records payments that were kept, where their order is known by now. True: there may be more. Any number of jobs may run at once: each has
 * its own, and an event counts once whoever records it.
 */
export async function settleKeptPayments(
  mysql: Knex,
  statementMs: number,
  onSettled: (event: PaymentEvent, recorded: RecordedPayment) => void,
): Promise<boolean> {
  const due = await useTransaction(mysql, statementMs, (session) => claimKeptPayments(session, BATCH));
  if (due === ROLL_BACK) return false;
  for (const event of due) {
    const recorded = await recordPayment(mysql, statementMs, event);
    if (recorded.outcome === 'KEPT') continue;
    await useSession(mysql, statementMs, (session) => finishKeptPayment(session, event.eventId));
    onSettled(event, recorded);
  }
  return due.length === BATCH;
}
