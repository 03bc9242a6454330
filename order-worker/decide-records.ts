import { isInvalidOrder } from '../db/orders/decide-batch.ts';
import type { DecideOptions, PendingOrder, UnitsAfter } from '../db/orders/decide-orders.ts';
import { partitionOf } from '../proto/kafka/partition-of.ts';
import type { ReceivedRecord } from '../proto/kafka/work-through-batch.ts';
import { decodeOrderRecord, type RecordVerification } from '../proto/messages/order-record.ts';
import type { DecideBatch } from './decide-together.ts';
import type { PublishedDecision } from './decision-publisher.ts';

export type LogEntry = ReceivedRecord;
/** The end of the year 9999, which is as far as the database counts. */
const LAST_TIME_MS = Date.UTC(10_000, 0, 1);

/** A record that will never be an order, and why. */
export type DeadLetterRecord = LogEntry & { reason: string };

/**
 * A record that this system signed has a version from a later release. Its partition stops here, for the order must neither be lost nor
 * be decided by a process that cannot read it.
 */
export class UnknownRecordVersionError extends Error {
  override name = 'UnknownRecordVersionError';
}

export type RecordDependencies = {
  verification: RecordVerification;
  decide: DecideBatch;
  /** Tells the consumers. Failing costs speed only: they ask by themselves. */
  tell(decisions: PublishedDecision[], units: UnitsAfter[]): Promise<void>;
  /** Keeps a dead record for people to look at; resolves when it is safely kept. */
  bury(partition: number, dead: DeadLetterRecord[]): Promise<void>;
};

/**
 * The worker's whole work on a batch of one partition. Resolves with how many records, from the first on, are dealt with: the offset
 * behind them may be committed. These are all of them, or those before a record of an unknown version. Rejects with an
 * UnknownRecordVersionError where such a record is the first.
 */
export async function decideRecords(
  { verification, decide, tell, bury }: RecordDependencies,
  partition: number,
  entries: LogEntry[],
  beforeTry: DecideOptions['beforeTry'],
): Promise<number> {
  const dead: DeadLetterRecord[] = [];
  const pending: { order: PendingOrder; replyTo: string; entry: LogEntry }[] = [];
  let unknown: UnknownRecordVersionError | undefined;
  for (const entry of entries) {
    const decoded = decodeOrderRecord(entry.value, verification);
    if (decoded.kind === 'unknown_version') {
      const place = `partition ${partition}, offset ${entry.offset}`;
      unknown = new UnknownRecordVersionError(
        `record version ${decoded.version} is not known to this release: ${place}`,
      );
      break;
    }
    if (decoded.kind === 'invalid') {
      dead.push({ ...entry, reason: decoded.reason });
      continue;
    }
    const { order } = decoded;
    if (partitionOf(order.sid) !== partition) dead.push({ ...entry, reason: `not the partition of ${order.sid}` });
    else {
      const place = { partition, offset: entry.offset, appendedAtMs: timeOrNull(entry.timestampMs) };
      pending.push({ order: { ...order, ...place }, replyTo: order.replyTo, entry });
    }
  }

  const dealtWith = dead.length + pending.length;
  if (unknown && dealtWith === 0) throw unknown;
  if (pending.length > 0) {
    const orders = pending.map(({ order }) => order);
    const { outcomes, units } = await decide(orders, beforeTry);
    const told: PublishedDecision[] = [];
    for (const [i, outcome] of outcomes.entries()) {
      const { replyTo, entry } = pending[i] as (typeof pending)[number];
      if (isInvalidOrder(outcome)) dead.push({ ...entry, reason: outcome.misfit });
      else if (replyTo) told.push({ ...outcome, replyTo });
    }
    await tell(told, units);
  }
  if (dead.length > 0) await bury(partition, dead);
  return dealtWith;
}

/** Nobody loses an order because of a timestamp that is no time: the database would refuse it. */
function timeOrNull(ms: number): number | null {
  return ms > 0 && ms < LAST_TIME_MS ? ms : null;
}
