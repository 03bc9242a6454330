import assert from 'node:assert/strict';

/** `timestampMs`: when the log took the record, by the broker's clock, in milliseconds since 1970 (UTC). */
export type ReceivedRecord = { offset: bigint; value: Buffer | null; timestampMs: number };

export type BatchContext = {
  /** To be called at least every few seconds while a batch takes long. Rejects when the partition was taken away. */
  heartbeat(): Promise<void>;
  /** False when the batch is no longer ours to work on: stop, the next owner does it again. */
  isOurs(): boolean;
  /** Offset that the next record of this partition will get. */
  highWatermark: bigint;
};

/** Resolves with how many of the records, from the first on, it has dealt with; with nothing where it was all of them. */
export type HandleBatch = (partition: number, records: ReceivedRecord[], context: BatchContext) => Promise<unknown>;

/** Thrown by `handle` to leave a batch that is no longer ours: nothing is committed, the next owner does it again. */
export class NotOursError extends Error {
  override name = 'NotOursError';
}

export type BatchWork = {
  /** Most records handed over at once. */
  maxBatch: number;
  handle: HandleBatch;
  /** This member need not be given records up to `last` again. */
  resolve(last: bigint): void;
  /** The next owner of the partition begins at `next`. */
  commit(next: bigint): Promise<void>;
  /** Called after each chunk. */
  onChunk?(): void;
};

/** Hands over what the log delivered, chunk by chunk, and commits the offset behind a chunk after its work, never before. */
export async function workThroughBatch(
  partition: number,
  records: ReceivedRecord[],
  context: BatchContext,
  { maxBatch, handle, resolve, commit, onChunk }: BatchWork,
): Promise<void> {
  for (let from = 0; from < records.length && context.isOurs(); ) {
    let chunk = records.slice(from, from + maxBatch);
    try {
      const done = await handle(partition, chunk, context);
      if (typeof done === 'number') chunk = chunk.slice(0, done);
    } catch (error) {
      if (error instanceof NotOursError) return;
      throw error;
    }
    // Another membership has begun meanwhile, and begins at what was committed.
    if (!context.isOurs()) return;
    assert(chunk.length > 0, 'a chunk of which nothing was dealt with rejects');
    from += chunk.length;
    const last = chunk.at(-1)?.offset ?? 0n;
    resolve(last);
    onChunk?.();
    await commit(last + 1n);
    await context.heartbeat();
  }
}
