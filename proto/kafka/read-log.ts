import { randomUUID } from 'node:crypto';
import {
  connectKafka,
  createAdmin,
  disconnect,
  type EachBatchPayload,
  type KafkaMessage,
  type KafkaTarget,
} from './kafka.ts';
import type { ReceivedRecord } from './work-through-batch.ts';

/** A record with its key and headers. */
export type KeptRecord = ReceivedRecord & { key: string; headers: Record<string, string> };
/** By partition: the first offset of the log, and the next one. */
export type LogEnds = Map<number, { first: bigint; end: bigint }>;

// A group whose member failed to start may block for as long as a rebalance. A new group does not.
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
 * Reads the log up to `ends` in chunks, each partition in order and each record once. Joins a temporary group; the workers and their offsets
 * are not affected. Starts again if no record arrives for 15 s, and rejects the third time.
 */
export async function readLog(target: KafkaTarget, topic: string, ends: LogEnds, onRecords: OnRecords): Promise<void> {
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

/** The offsets of each partition that are not read yet, and the last one that was read. Updated while reading. */
type Progress = { missing: LogEnds; seen: Map<number, bigint> };

type OnRecords = (partition: number, records: KeptRecord[]) => Promise<void>;

async function readMissing(target: KafkaTarget, topic: string, progress: Progress, onRecords: OnRecords) {
  const groupId = `read-${topic}-${randomUUID()}`;
  const kafka = connectKafka(target);
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 50, sessionTimeout: 30_000 });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // A rejection before the await must not end the process.
  promise.catch(() => undefined);
  let stall: NodeJS.Timeout | undefined;
  const restartStallTimer = () => {
    clearTimeout(stall);
    stall = setTimeout(() => reject(new StallError(`${topic}: no record within ${STALL_MS / 1000} s`)), STALL_MS);
  };
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) reject(payload.error);
  });

  try {
    restartStallTimer();
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: 1,
      async eachBatch(payload) {
        const { partition } = payload.batch;
        try {
          await readBatch(payload, progress, async (records) => {
            clearTimeout(stall);
            await onRecords(partition, records);
            restartStallTimer();
          });
        } catch (error) {
          return reject(error);
        }
        if (progress.missing.has(partition)) return;
        consumer.pause([{ topic, partitions: [partition] }]);
        if (progress.missing.size === 0) resolve();
      },
    });
    await promise;
  } finally {
    clearTimeout(stall);
    await disconnect(consumer);
    await deleteGroup(target, groupId);
  }
}

/** Reads a batch in chunks, and removes its partition from the missing ones when it was read to its end. */
async function readBatch(
  { batch, resolveOffset, heartbeat, isRunning, isStale }: EachBatchPayload,
  { missing, seen }: Progress,
  onChunk: (records: KeptRecord[]) => Promise<void>,
): Promise<void> {
  const { partition } = batch;
  const end = missing.get(partition)?.end;
  if (end === undefined) return;
  // A new group receives the same records again.
  const lastSeen = seen.get(partition) ?? -1n;
  const records = batch.messages.map(toKeptRecord).filter(({ offset }) => offset > lastSeen && offset < end);
  for (let from = 0; from < records.length; from += CHUNK) {
    if (!isRunning() || isStale()) return;
    const chunk = records.slice(from, from + CHUNK);
    await onChunk(chunk);
    seen.set(partition, chunk.at(-1)?.offset ?? lastSeen);
    await heartbeat();
  }
  const last = BigInt(batch.lastOffset());
  resolveOffset(String(last));
  if (last + 1n >= end) missing.delete(partition);
}

function toKeptRecord({ offset, key, value, timestamp, headers = {} }: KafkaMessage): KeptRecord {
  return {
    offset: BigInt(offset),
    key: String(key ?? ''),
    value,
    timestampMs: Number(timestamp),
    headers: Object.fromEntries(Object.entries(headers).map(([name, text]) => [name, String(text ?? '')])),
  };
}

/** Kafka deletes an empty group after a week. */
async function deleteGroup(target: KafkaTarget, groupId: string): Promise<void> {
  const admin = createAdmin(target);
  try {
    await admin.connect();
    await admin.deleteGroups([groupId]);
  } catch {
    // Kafka deletes it later.
  } finally {
    await disconnect(admin);
  }
}
