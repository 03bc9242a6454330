import { randomUUID } from 'node:crypto';
import { connectKafka, createAdmin, disconnect, type KafkaTarget } from './kafka.ts';
import type { ReceivedRecord } from './work-through-batch.ts';

/** A record as an inspection sees it; `timestampMs` is when the log took it, milliseconds since 1970 (UTC). */
export type KeptRecord = ReceivedRecord & { key: string; headers: Record<string, string> };
/** By partition: the first offset that the log still has, and the one that the next record will get. */
export type LogEnds = Map<number, { first: bigint; end: bigint }>;

// A member whose start went wrong may wait for as long as the group waits for it; another group has nobody to wait for.
const STALL_MS = 15_000;
const TRIES = 3;
const CHUNK = 1000;

export async function readLogEnds(target: KafkaTarget, topic: string): Promise<LogEnds> {
  const admin = createAdmin(target);
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
 * a group of its own, which is gone afterwards; the workers and their offsets are not touched. Where nothing comes for 15 s it
 * begins anew, and rejects the third time.
 */
export async function readLog(
  target: KafkaTarget,
  topic: string,
  ends: LogEnds,
  onRecords: (partition: number, records: KeptRecord[]) => Promise<void>,
): Promise<void> {
  const missing: LogEnds = new Map([...ends].filter(([, { first, end }]) => first < end));
  const seen = new Map<number, bigint>();
  for (let tries = 1; missing.size > 0; tries += 1) {
    try {
      await readMissing(target, topic, { missing, seen }, onRecords);
    } catch (error) {
      if (!(error instanceof StallError) || tries === TRIES) throw error;
    }
  }
}

class StallError extends Error {}

/** What is not read yet of each partition, and the last offset that was handed over. Both are kept up to date. */
type Progress = { missing: LogEnds; seen: Map<number, bigint> };

async function readMissing(
  target: KafkaTarget,
  topic: string,
  { missing, seen }: Progress,
  onRecords: (partition: number, records: KeptRecord[]) => Promise<void>,
): Promise<void> {
  const groupId = `read-${topic}-${randomUUID()}`;
  const kafka = connectKafka(target);
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50, sessionTimeout: 30_000 });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // Rejected before anybody waits for it, it must not end the process.
  promise.catch(() => undefined);
  let stall: NodeJS.Timeout | undefined;
  const awaitRecords = () => {
    clearTimeout(stall);
    stall = setTimeout(() => reject(new StallError(`${topic}: no record within ${STALL_MS / 1000} s`)), STALL_MS);
  };
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) reject(payload.error);
  });

  try {
    awaitRecords();
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
          .map(({ offset, key, value, timestamp, headers = {} }) => ({
            offset: BigInt(offset),
            key: String(key ?? ''),
            value,
            timestampMs: Number(timestamp),
            headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text ?? '')])),
          }))
          .filter(({ offset }) => offset > behind && offset < end);
        try {
          for (let from = 0; from < records.length; from += CHUNK) {
            if (!isRunning() || isStale()) return;
            const chunk = records.slice(from, from + CHUNK);
            clearTimeout(stall);
            await onRecords(partition, chunk);
            seen.set(partition, chunk.at(-1)?.offset ?? behind);
            awaitRecords();
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
  const admin = createAdmin(target);
  try {
    await admin.connect();
    await admin.deleteGroups([groupId]);
  } catch {
    // It costs a few bytes there.
  } finally {
    await disconnect(admin);
  }
}
