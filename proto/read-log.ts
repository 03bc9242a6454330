import { randomUUID } from 'node:crypto';
import { connectKafka, disconnect, type KafkaTarget } from './kafka.ts';
import type { ReceivedRecord } from './work-through-batch.ts';

/** A record as an inspection sees it; `timestampMs` is when it was sent, milliseconds since 1970 (UTC). */
export type KeptRecord = ReceivedRecord & { key: string };
/** By partition: the first offset that the log still has, and the one that the next record will get. */
export type LogEnds = Map<number, { first: bigint; end: bigint }>;

// Without any record for this long the log is not going to give the rest.
const STALL_MS = 20_000;
const CHUNK = 1000;

export async function readLogEnds(target: KafkaTarget, topic: string): Promise<LogEnds> {
  const admin = connectKafka(target).admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return new Map(offsets.map(({ partition, low, high }) => [partition, { first: BigInt(low), end: BigInt(high) }]));
  } finally {
    await disconnect(admin);
  }
}

/**
 * Hands over what the log holds up to `ends`, each partition in sequence and each record once, one chunk at a time. It joins
 * a group of its own, which is gone afterwards; the workers and their offsets are not touched. Rejects when nothing comes
 * for 20 s.
 */
export async function readLog(
  target: KafkaTarget,
  topic: string,
  ends: LogEnds,
  onRecords: (partition: number, records: KeptRecord[]) => Promise<void>,
): Promise<void> {
  const missing = new Map([...ends].filter(([, { first, end }]) => first < end));
  if (missing.size === 0) return;
  const groupId = `read-${topic}-${randomUUID()}`;
  const kafka = connectKafka(target);
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50, sessionTimeout: 30_000 });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Rejected before anybody waits for it, it must not end the process.
  promise.catch(() => undefined);
  const seen = new Map<number, bigint>();
  let stall: NodeJS.Timeout | undefined;
  const progress = () => {
    clearTimeout(stall);
    stall = setTimeout(() => reject(new Error(`${topic}: no record within ${STALL_MS / 1000} s`)), STALL_MS);
  };
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) reject(payload.error);
  });

  try {
    progress();
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      async eachBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }) {
        const { partition } = batch;
        const end = missing.get(partition)?.end;
        if (end === undefined) return consumer.pause([{ topic, partitions: [partition] }]);
        // After a new start of the group the same records come again.
        const behind = seen.get(partition) ?? -1n;
        const records = batch.messages
          .map(({ offset, key, value, timestamp }) => {
            return { offset: BigInt(offset), key: String(key ?? ''), value, timestampMs: Number(timestamp) };
          })
          .filter(({ offset }) => offset > behind && offset < end);
        try {
          for (let from = 0; from < records.length; from += CHUNK) {
            if (!isRunning() || isStale()) return;
            const chunk = records.slice(from, from + CHUNK);
            await onRecords(partition, chunk);
            seen.set(partition, chunk.at(-1)?.offset ?? behind);
            progress();
            await heartbeat();
          }
        } catch (error) {
          return reject(error);
        }
        const last = BigInt(batch.lastOffset());
        resolveOffset(String(last));
        if (last + 1n < end) return;
        missing.delete(partition);
        consumer.pause([{ topic, partitions: [partition] }]);
        if (missing.size === 0) resolve();
      },
    });
    await promise;
  } finally {
    clearTimeout(stall);
    await disconnect(consumer);
    await forgetGroup(target, groupId);
  }
}

/** Kafka forgets an empty group by itself, after a week. */
async function forgetGroup(target: KafkaTarget, groupId: string): Promise<void> {
  const admin = connectKafka(target).admin();
  try {
    await admin.connect();
    await admin.deleteGroups([groupId]);
  } catch {
    // It costs a few bytes there.
  } finally {
    await disconnect(admin);
  }
}
