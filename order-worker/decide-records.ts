import { isInvalidOrder } from '../db/orders/decide-batch.ts';
import type { BeforeTry, PendingOrder } from '../db/orders/decide-orders.ts';
import type { OrderEvent } from '../db/orders/order-event-table.ts';
import type { ReceivedRecord } from '../proto/kafka/work-through-batch.ts';
import type { DeadLetter } from './append-dead-letters.ts';
import type { BatchDecider } from './batch-decider.ts';
import type { PublishDecisions, PublishedDecision } from './decision-publisher.ts';
import type { DecodedRecords } from './decode-records.ts';

export type RecordDependencies = {
  /** decodeRecords for the partition of the records, perhaps in advance. */
  decode(records: ReceivedRecord[]): DecodedRecords;
  decide: BatchDecider;
  publish: PublishDecisions;
  /** Takes the events of orders that are confirmed at their places. Resolves when there is room for more. */
  publishEvents(events: OrderEvent[]): Promise<void>;
  /** Called before a batch is decided, with its valid orders. Rejects if it cannot be decided now. */
  beforeDeciding(orders: PendingOrder[]): Promise<void>;
  /** Resolves when the dead letters are stored. */
  deadLetter(letters: DeadLetter[]): Promise<void>;
};

/**
 * Processes a batch of one partition. Resolves with the number of records, from the first on, whose orders are all processed: the offset
 * behind them may be committed. That is all records that were decoded: see decodeRecords.
 * Rejects with an UnknownRecordVersionError when such a record is the first.
 */
export async function decideRecords(
  { decode, decide, publish, publishEvents, beforeDeciding, deadLetter }: RecordDependencies,
  records: ReceivedRecord[],
  beforeTry: BeforeTry,
): Promise<number> {
  const { pending, deadLetters, processed, unknownVersion } = decode(records);
  if (unknownVersion && processed === 0) throw unknownVersion;
  const orders = pending.map(({ order }) => order);
  await beforeDeciding(orders);
  if (orders.length > 0) {
    const { outcomes, units, confirmed } = await decide(orders, beforeTry);
    // Taken in the same turn as the answer to COMMIT.
    const hasRoom = publishEvents(confirmed);
    const decisions: PublishedDecision[] = [];
    for (const [i, outcome] of outcomes.entries()) {
      const { replyTo, toDeadLetter } = pending[i] as (typeof pending)[number];
      if (isInvalidOrder(outcome)) deadLetters.push(toDeadLetter(outcome.invalid));
      else if (replyTo) decisions.push({ ...outcome, replyTo });
    }
    await publish(decisions, units);
    await hasRoom;
  }
  if (deadLetters.length > 0) await deadLetter(deadLetters);
  return processed;
}
