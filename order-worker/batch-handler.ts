import type { Database } from '../db/mysql/database.ts';
import type { BeforeTry, PendingOrder } from '../db/orders/decide-orders.ts';
import { type BatchContext, type HandleBatch, NotOwnedError } from '../proto/kafka/work-through-batch.ts';
import type { RecordVerification } from '../proto/messages/order-record.ts';
import { inStep, type Sampled, type Traces } from '../proto/traces/traces.ts';
import type { DeadLetter } from './append-dead-letters.ts';
import { createBatchDecider, type DeciderOptions } from './batch-decider.ts';
import { decideRecords, type RecordDependencies } from './decide-records.ts';
import type { EventPositions } from './events/event-positions.ts';
import { createRecordDecoder } from './record-decoder.ts';

export type BatchHandlerOptions = Pick<RecordDependencies, 'publish' | 'publishEvents'> & {
  verification: RecordVerification;
  database: Database;
  options: DeciderOptions;
  positions: Pick<EventPositions, 'prepare' | 'passed'>;
  /** Resolves when the dead letters are stored. */
  deadLetter(partition: number, letters: DeadLetter[], context: BatchContext): Promise<void>;
  isStopping(): boolean;
  traces?: Traces | undefined;
  /** Called after each batch with the offset behind it. */
  onDecided?(partition: number, next: bigint): void;
  /** Called before and after each batch with the number of pending records of the partition. */
  onLag?(partition: number, records: number): void;
  onRetry?(partition: number, tries: number, error: unknown): void;
};

/** Decides the records of a batch, for as long as this process owns the partition. */
export function createBatchHandler(parts: BatchHandlerOptions): HandleBatch {
  const { database, options, verification, publish, publishEvents, positions, deadLetter } = parts;
  const { isStopping, onDecided, onLag, onRetry, traces } = parts;
  const decide = createBatchDecider(database, options);
  const { clock, maxOrders } = options;
  const decode = createRecordDecoder({ clock, verification, maxOrders });
  return async (partition, records, context, upcoming) => {
    const end = context.highWatermark;
    onLag?.(partition, Number(end - (records[0]?.offset ?? end)));
    const dependencies: RecordDependencies = {
      decide,
      decode: (received) => decode(partition, received, upcoming),
      publish,
      publishEvents,
      beforeDeciding: (orders) => positions.prepare({ partition, first: records[0]?.offset ?? end, end, orders }),
      deadLetter: (letters) => deadLetter(partition, letters, context),
    };
    const beforeTry: BeforeTry = async (tries, lastError) => {
      if (lastError) onRetry?.(partition, tries, lastError);
      if (isStopping() || !context.isOwned()) throw new NotOwnedError('the partition has another owner');
      if (tries > 0) await context.heartbeat();
    };
    const traced = traces ? traceBatch(traces, dependencies) : dependencies;
    const processed = await decideRecords(traced, records, beforeTry);
    const next = (records[processed - 1]?.offset ?? end - 1n) + 1n;
    positions.passed(partition, next);
    onDecided?.(partition, next);
    onLag?.(partition, Number(end - next));
    return processed;
  };
}

/** Records the steps of the batch for its sampled orders: their wait in the log, their decision, and its publication. */
function traceBatch(traces: Traces, dependencies: RecordDependencies): RecordDependencies {
  let sampled: Sampled<PendingOrder>[] = [];
  return {
    ...dependencies,
    decide(orders, beforeTry) {
      sampled = traces.sample(orders);
      for (const { order, trace } of sampled) {
        const { appendedAtMs: startMs } = order;
        if (startMs) traces.recordOrder('wait in log', trace, { kind: 'consumer', startMs });
      }
      const decide = () => dependencies.decide(orders, beforeTry);
      return inStep(traces.startStep('decide', sampled), { 'flashsale.orders': orders.length }, decide);
    },
    publish(decisions, units) {
      const publish = () => dependencies.publish(decisions, units);
      return inStep(traces.startStep('publish', sampled), { 'flashsale.orders': decisions.length }, publish);
    },
  };
}
