import { ConnectionError } from '../../db/mysql/classify-database-error.ts';
import type { Database, Session } from '../../db/mysql/database.ts';
import type { Pace } from '../../db/mysql/repeat-transaction.ts';
import { findPayments, type PaymentQuery, type PaymentsOfOrder } from '../../db/payments/find-payments.ts';
import type { RecordedPayment } from '../../db/payments/judge-events.ts';
import { keepSession, type SessionKept, type SessionToKeep } from '../../db/payments/keep-session.ts';
import type { PaymentEvent } from '../../db/payments/payment-event-table.ts';
import { recordPayment, recordPayments } from '../../db/payments/record-payments.ts';
import { type SettledPayment, type Settlement, settlePayment } from '../../db/payments/settle-payment.ts';
import {
  type PaymentStart,
  type PaymentStarted,
  startPayment,
  startPayments,
} from '../../db/payments/start-payments.ts';
import { createBatcher } from '../../proto/process/batcher.ts';
import { createCallLimit } from '../../proto/process/call-limit.ts';
import { DeadlineError } from '../../proto/process/clock.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';

export type PaymentBatchesOptions = {
  /** On a pool of its own, so that payments never wait for a connection of the sale, nor a sale for one of theirs. */
  database: Database;
  /** Connections of that pool, at least 3: a third each for starts, for events, and for what falls out of its batch. Reads take one at a time. */
  connections: number;
  pace: Pace;
};

export type PaymentBatches = {
  start(start: PaymentStart): Promise<PaymentStarted>;
  record(event: PaymentEvent): Promise<RecordedPayment>;
  keep(session: SessionToKeep): Promise<SessionKept>;
  settle(settlement: Settlement): Promise<SettledPayment>;
  find(query: PaymentQuery): Promise<PaymentsOfOrder[]>;
};

type BatchOptions<Item, Answer> = PaymentBatchesOptions & {
  limitAlone: <T>(work: () => Promise<T>) => Promise<T>;
  /** Null for an item that must run alone. */
  together(session: Session, items: Item[]): Promise<(Answer | null)[]>;
  alone(item: Item): Promise<Answer>;
};
type Queued<Item> = { item: Item; untilMs: number };
/** A promise inside an object: a promise of an array of promises would wait for all of them. */
type Running<Answer> = { answer: Promise<Answer> };

const MIN_CONNECTIONS = 3;
const MAX_BATCH = 100;
const MAX_WAITING = 1000;
/** Each call is for up to 100 payments. */
const MAX_READS_WAITING = 50;
/** A transaction of 100 payments takes about 10 ms. */
const LINGER_MS = 10;
/** No caller waits for longer. */
const CALL_MS = deadlines.CALL_DEADLINE_MS.ms;

/** Starts and records payments; calls that arrive together share a transaction. */
export function createPaymentBatches(options: PaymentBatchesOptions): PaymentBatches {
  const { database, connections, pace } = options;
  const third = Math.max(1, Math.floor(connections / MIN_CONNECTIONS));
  const limitAlone = createCallLimit({ maxConcurrent: third, maxWaiting: MAX_WAITING });
  // One connection at a time: readers are many, and payments wait for them no longer than for one read.
  const limitReads = createCallLimit({ maxConcurrent: 1, maxWaiting: MAX_READS_WAITING });
  const shared = { database, connections: third, pace, limitAlone };
  return {
    start: batch<PaymentStart, PaymentStarted>({
      ...shared,
      together: (session, starts) => startPayments(session, starts, 'skip'),
      alone: (start) => startPayment(database, start, pace),
    }),
    record: batch<PaymentEvent, RecordedPayment>({
      ...shared,
      together: (session, events) => recordPayments(session, events, 'skip'),
      alone: (event) => recordPayment(database, event, pace),
    }),
    keep: (session) => limitAlone(() => keepSession(database, session, pace)),
    settle: (settlement) => limitAlone(() => settlePayment(database, settlement, pace)),
    find: (query) => limitReads(() => database.session((session) => findPayments(session, query))),
  };
}

/**
 * Runs items in batches. An item whose order is locked by another transaction, or is unknown, falls out and runs alone. So does each item
 * of a batch that failed, so that a bad one fails alone. After an unknown COMMIT that is safe: what was written is found and answered.
 */
function batch<Item, Answer>(options: BatchOptions<Item, Answer>): (item: Item) => Promise<Answer> {
  const { database, connections, pace, limitAlone, together, alone } = options;
  const { clock } = pace;

  function runAlone({ item, untilMs }: Queued<Item>): Promise<Answer> {
    const answer = limitAlone(async () => {
      if (clock.nowMs() >= untilMs) throw new DeadlineError(`payment not begun within ${CALL_MS} ms`);
      return alone(item);
    });
    // The caller attaches its own handler one turn later.
    answer.catch(() => undefined);
    return answer;
  }

  async function send(queued: Queued<Item>[]): Promise<Running<Answer>[]> {
    const due = queued.filter(({ untilMs }) => clock.nowMs() < untilMs);
    const answers = due.length > 1 ? await runTogether(due.map(({ item }) => item)) : [];
    const answerOf = new Map(due.map((entry, i) => [entry, answers[i] ?? null]));
    return queued.map((entry) => {
      const answer = answerOf.get(entry) ?? null;
      return { answer: answer === null ? runAlone(entry) : Promise.resolve(answer) };
    });
  }

  async function runTogether(items: Item[]): Promise<(Answer | null)[]> {
    try {
      return await database.transaction((session) => together(session, items));
    } catch (error) {
      // Nothing was sent to the database.
      if (error instanceof ConnectionError) throw error;
      return items.map(() => null);
    }
  }

  const gather = createBatcher<Queued<Item>, Running<Answer>>({
    clock,
    send,
    maxBatch: MAX_BATCH,
    maxInFlight: connections,
    lingerMs: LINGER_MS,
    maxWaiting: MAX_WAITING,
  });
  return async (item) => (await gather({ item, untilMs: clock.nowMs() + CALL_MS })).answer;
}
