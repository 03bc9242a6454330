import type { PendingOrder } from '../db/orders/decide-orders.ts';
import { partitionOf } from '../proto/kafka/partition-of.ts';
import type { ReceivedRecord } from '../proto/kafka/work-through-batch.ts';
import { decodeOrderRecord, isolateOrder, type RecordVerification } from '../proto/messages/order-record.ts';
import type { DeadLetter } from './append-dead-letters.ts';

/** The end of the year 9999, the last time that the database can store. */
const LAST_TIME_MS = Date.UTC(10_000, 0, 1);

/** A signed record of a version that a later release writes. Its partition stops: the order must neither be lost nor be misread. */
export class UnknownRecordVersionError extends Error {
  override name = 'UnknownRecordVersionError';
}

/** `toDeadLetter`: of this order alone, if it turns out to be invalid. */
export type DecodedOrder = { order: PendingOrder; replyTo: string; toDeadLetter(reason: string): DeadLetter };

export type DecodedRecords = {
  pending: DecodedOrder[];
  deadLetters: DeadLetter[];
  /** Records that are decoded completely, from the first on. */
  processed: number;
  /** The first record of an unknown version. Neither it nor any record behind it is decoded. */
  unknownVersion: UnknownRecordVersionError | null;
};

/**
 * Separates records of one partition into orders and dead letters: whole records, up to `maxOrders` orders and at least one record. The
 * orders of a record are never split, because an offset stands for all of them.
 */
export function decodeRecords(
  partition: number,
  records: ReceivedRecord[],
  verification: RecordVerification,
  maxOrders: number,
): DecodedRecords {
  const pending: DecodedOrder[] = [];
  const deadLetters: DeadLetter[] = [];
  let processed = 0;
  for (const record of records) {
    const decoded = decodeOrderRecord(record.value, verification);
    if (decoded.kind === 'unknown_version') {
      const message = `record version ${decoded.version} is unknown: partition ${partition}, offset ${record.offset}`;
      return { pending, deadLetters, processed, unknownVersion: new UnknownRecordVersionError(message) };
    }
    if (decoded.kind === 'invalid') deadLetters.push({ ...record, reason: decoded.reason });
    else {
      const { orders } = decoded;
      if (pending.length > 0 && pending.length + orders.length > maxOrders) break;
      const appendedAtMs = timeOrNull(record.timestampMs);
      for (const [index, order] of orders.entries()) {
        const toDeadLetter = (reason: string): DeadLetter =>
          orders.length === 1
            ? { ...record, reason }
            : { ...record, reason, index, value: isolateOrder(record.value, index, verification.keys) };
        if ('invalid' in order) deadLetters.push(toDeadLetter(order.invalid));
        else if (partitionOf(order.sid) !== partition) {
          deadLetters.push(toDeadLetter(`not the partition of ${order.sid}`));
        } else {
          const place = { partition, offset: record.offset, index, appendedAtMs };
          pending.push({ order: { ...order, ...place }, replyTo: order.replyTo, toDeadLetter });
        }
      }
    }
    processed += 1;
  }
  return { pending, deadLetters, processed, unknownVersion: null };
}

/** Null for a timestamp that the database would refuse: an order is not lost because of it. */
function timeOrNull(ms: number): number | null {
  return ms > 0 && ms < LAST_TIME_MS ? ms : null;
}
