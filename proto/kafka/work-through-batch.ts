import assert from 'node:assert/strict';

/** `timestampMs`: when the record was appended by the clock of the broker, milliseconds since 1970 (UTC). */
export type ReceivedRecord = { offset: bigint; value: Buffer | null; timestampMs: number };

export type BatchContext = {
  /** Call at least every few seconds during a long batch. Rejects when the partition was reassigned. */
  heartbeat(): Promise<void>;
  /** False when the partition was reassigned: stop, the new owner repeats the batch. */
  isOwned(): boolean;
  /** The next offset of the partition. */
  highWatermark: bigint;
};

/**
 * Resolves with the number of records that were handled, from the first on; any other value: all of them. `upcoming`: the records of the
 * next call, if this one handles `handled` records, as far as they are received.
 */
export type HandleBatch = (
  partition: number,
  records: ReceivedRecord[],
  context: BatchContext,
  upcoming: (handled: number) => ReceivedRecord[],
) => Promise<unknown>;

/** Thrown by `handle` when the partition was reassigned: nothing is committed, the new owner repeats the batch. */
export class NotOwnedError extends Error {
  override name = 'NotOwnedError';
}

export type BatchWork = {
  /** Maximum records per call of `handle`. */
  maxBatch: number;
  handle: HandleBatch;
  /** Marks the records up to `last` as handled. */
  resolve(last: bigint): void;
  /** Stores `next` as the offset from which the next owner of the partition starts. */
  commit(next: bigint): Promise<void>;
  /** Called after each chunk. */
  onChunk?(): void;
};

/** Handles a batch in chunks, and commits the offset of a chunk after its work, never before. */
export async function workThroughBatch(
  partition: number,
  records: ReceivedRecord[],
  context: BatchContext,
  { maxBatch, handle, resolve, commit, onChunk }: BatchWork,
): Promise<void> {
  const chunkFrom = (from: number) => records.slice(from, from + maxBatch);
  for (let from = 0; from < records.length && context.isOwned(); ) {
    let chunk = chunkFrom(from);
    const start = from;
    try {
      const done = await handle(partition, chunk, context, (handled) => chunkFrom(start + handled));
      if (typeof done === 'number') chunk = chunk.slice(0, done);
    } catch (error) {
      if (error instanceof NotOwnedError) return;
      throw error;
    }
    // A new membership has begun, which starts at the committed offset.
    if (!context.isOwned()) return;
    assert(chunk.length > 0, 'a handler that handles no record must reject');
    from += chunk.length;
    const last = chunk.at(-1)?.offset ?? 0n;
    resolve(last);
    onChunk?.();
    await commit(last + 1n);
    await context.heartbeat();
  }
}
