import type { OrderStore } from '../db/orders/decide-orders.ts';
import { type BatchContext, type HandleBatch, NotOwnedError } from '../proto/kafka/work-through-batch.ts';
import { type DeadLetterRecord, decideRecords, type RecordDependencies } from './decide-records.ts';
import { decideTogether, type TogetherOptions } from './decide-together.ts';

export type BatchHandlerOptions = Omit<RecordDependencies, 'bury' | 'decide'> & {
  store: OrderStore;
  options: TogetherOptions;
  /** Keeps dead records for people to look at; resolves when they are safely kept. */
  bury(partition: number, dead: DeadLetterRecord[], context: BatchContext): Promise<void>;
  isStopping(): boolean;
  /** Called before and after each batch with how many records of the partition are still to be decided. */
  onLag?(partition: number, records: number): void;
  onRetry?(partition: number, tries: number, error: unknown): void;
};

/** What a worker does with the records it is handed: decides them, for as long as the partition is its own. */
export function createBatchHandler(parts: BatchHandlerOptions): HandleBatch {
  const { store, options, verification, tell, bury, isStopping, onLag, onRetry } = parts;
  const decide = decideTogether(store, options);
  return async (partition, records, context) => {
    const end = context.highWatermark;
    onLag?.(partition, Number(end - (records[0]?.offset ?? end)));
    const dependencies = {
      verification,
      decide,
      tell,
      bury: (from: number, dead: DeadLetterRecord[]) => bury(from, dead, context),
    };
    const dealtWith = await decideRecords(dependencies, partition, records, async (tries, lastError) => {
      if (lastError) onRetry?.(partition, tries, lastError);
      if (isStopping() || !context.isOwned()) throw new NotOwnedError('the partition has another owner now');
      if (tries > 0) await context.heartbeat();
    });
    onLag?.(partition, Number(end - 1n - (records[dealtWith - 1]?.offset ?? end)));
    return dealtWith;
  };
}
