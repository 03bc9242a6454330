import type { PendingOrder } from '../db/orders/decide-orders.ts';
import { partitionOf } from '../proto/kafka/partition-of.ts';
import type { ReceivedRecord } from '../proto/kafka/work-through-batch.ts';
import { decodeOrderRecord, type RecordVerification } from '../proto/messages/order-record.ts';
import type { DeadLetter } from './append-dead-letters.ts';

/** The end of the year 9999, the last time that the database can store. */
const LAST_TIME_MS = Date.UTC(10_000, 0, 1);

/** A signed record of a version that a later release writes. Its partition stops: the order must neither be lost nor be misread. */
export class UnknownRecordVersionError extends Error {
  override name = 'UnknownRecordVersionError';
}

export type DecodedRecords = {
  pending: { order: PendingOrder; replyTo: string; record: ReceivedRecord }[];
  deadLetters: DeadLetter[];
  /** The first record of an unknown version. Neither it nor any record behind it is decoded. */
  unknownVersion: UnknownRecordVersionError | null;
};

/** Separates a batch of one partition into orders and invalid records. */
export function decodeRecords(
  partition: number,
  records: ReceivedRecord[],
  verification: RecordVerification,
): DecodedRecords {
  const pending: DecodedRecords['pending'] = [];
  const deadLetters: DeadLetter[] = [];
  for (const record of records) {
    const decoded = decodeOrderRecord(record.value, verification);
    if (decoded.kind === 'unknown_version') {
      const message = `record version ${decoded.version} is unknown: partition ${partition}, offset ${record.offset}`;
      return { pending, deadLetters, unknownVersion: new UnknownRecordVersionError(message) };
    }
    if (decoded.kind === 'invalid') deadLetters.push({ ...record, reason: decoded.reason });
    else if (partitionOf(decoded.order.sid) !== partition) {
      deadLetters.push({ ...record, reason: `not the partition of ${decoded.order.sid}` });
    } else {
      const { order } = decoded;
      const place = { partition, offset: record.offset, appendedAtMs: timeOrNull(record.timestampMs) };
      pending.push({ order: { ...order, ...place }, replyTo: order.replyTo, record });
    }
  }
  return { pending, deadLetters, unknownVersion: null };
}

/** Null for a timestamp that the database would refuse: an order is not lost because of it. */
function timeOrNull(ms: number): number | null {
  return ms > 0 && ms < LAST_TIME_MS ? ms : null;
}
