import type { ReceivedRecord } from '../proto/kafka/work-through-batch.ts';
import type { RecordVerification } from '../proto/messages/order-record.ts';
import type { Clock } from '../proto/process/clock.ts';
import { type DecodedRecords, decodeRecords } from './decode-records.ts';

/** Decodes records of one partition. `upcoming`: the records of the next call, if this one handles `handled` records. */
export type RecordDecoder = (
  partition: number,
  records: ReceivedRecord[],
  upcoming: (handled: number) => ReceivedRecord[],
) => DecodedRecords;

export type RecordDecoderOptions = {
  clock: Pick<Clock, 'setTimer'>;
  verification: RecordVerification;
  /** Maximum number of orders that are decided together. */
  maxOrders: number;
};

/** Time in which the batch before is sent to the database. */
const AFTER_MS = 2;

/**
 * Decodes the next batch of a partition while the database decides the one before. The next batch is only decoded: it is sent after the
 * answer for the one before.
 */
export function createRecordDecoder({ clock, verification, maxOrders }: RecordDecoderOptions): RecordDecoder {
  const ahead = new Map<number, { first: ReceivedRecord; decoded: DecodedRecords }>();
  const timers = new Map<number, () => void>();
  const decodeNow = (partition: number, records: ReceivedRecord[]) =>
    decodeRecords(partition, records, verification, maxOrders);

  return (partition, records, upcoming) => {
    timers.get(partition)?.();
    const kept = ahead.get(partition);
    ahead.delete(partition);
    // Records that were fetched again are other objects.
    const decoded = kept && kept.first === records[0] ? kept.decoded : decodeNow(partition, records);
    const next = decoded.unknownVersion ? [] : upcoming(decoded.processed);
    const [first] = next;
    if (first) {
      const decodeNext = () => ahead.set(partition, { first, decoded: decodeNow(partition, next) });
      timers.set(partition, clock.setTimer(AFTER_MS, decodeNext));
    }
    return decoded;
  };
}
