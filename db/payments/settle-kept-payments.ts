import type { Database } from '../mysql/database.ts';
import type { RecordedPayment } from './judge-events.ts';
import { claimKeptPayments, finishKeptPayment, type PaymentEvent, readKeptPayments } from './payment-event-table.ts';
import { recordPayment } from './record-payments.ts';

const BATCH = 100;

/**
 * Records due kept payments whose order is known now. True: there may be more. Several jobs may run at once: each claims its own
 * payments, and an event counts once.
 */
export async function settleKeptPayments(
  database: Database,
  onSettled: (event: PaymentEvent, recorded: RecordedPayment) => void,
): Promise<boolean> {
  const due = await database.transaction((session) => claimKeptPayments(session, BATCH));
  for (const event of due) {
    const recorded = await settle(database, event);
    if (recorded.outcome !== 'KEPT') onSettled(event, recorded);
  }
  return due.length === BATCH;
}

/** Tries to record each kept payment once, due or not. `unknown`: the number of payments whose order is unknown. */
export async function settleAllKeptPayments(database: Database): Promise<{ settled: number; unknown: number }> {
  const counts = { settled: 0, unknown: 0 };
  let after = '';
  for (;;) {
    const kept = await database.session((session) => readKeptPayments(session, after, BATCH));
    for (const event of kept) {
      const { outcome } = await settle(database, event);
      counts[outcome === 'KEPT' ? 'unknown' : 'settled'] += 1;
      after = event.eventId;
    }
    if (kept.length < BATCH) return counts;
  }
}

async function settle(database: Database, event: PaymentEvent): Promise<RecordedPayment> {
  const recorded = await recordPayment(database, event);
  if (recorded.outcome !== 'KEPT') {
    await database.session((session) => finishKeptPayment(session, event.eventId));
  }
  return recorded;
}
