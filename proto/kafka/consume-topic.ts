import { realClock, withDeadline } from '../process/clock.ts';
import { deadlines } from '../settings/deadlines.ts';
import { isolatePartitions } from './isolate-partitions.ts';
import { connectKafka, disconnect, type KafkaTarget, METADATA_MAX_AGE_MS } from './kafka.ts';
import { startOffsetCommitter } from './offset-committer.ts';
import { ORDER_PARTITIONS } from './partition-of.ts';
import { type HandleBatch, NotOursError, workThroughBatch } from './work-through-batch.ts';

const SESSION_MS = 15_000;
// A member hears of a rebalance by its next heartbeat, and the others wait for it. Idle it comes with each fetch that found nothing.
const HEARTBEAT_MS = 200;
const COMMIT_EVERY_MS = 100;

export type ConsumeOptions = {
  topic: string;
  group: string;
  /** Most records handed over at once. */
  maxBatch: number;
  /** The offset behind the batch is committed soon after this has resolved, never before. */
  handle: HandleBatch;
  /** The consumer has ended for good: let the process end and be started anew. */
  onCrash(error: Error): void;
  onAssigned(partitions: number[]): void;
  /** A partition does not get on while the others do, or gets on again. The error that stopped it, if any. */
  onStuck?(partition: number, isStuck: boolean, error?: unknown): void;
};

export type RunningTopic = {
  /** Whether the group has heard of this member lately. */
  isAlive(): boolean;
  close(): Promise<void>;
};

/** Reads a topic as a member of a group, from the oldest record where no offset is known. Resolves once it runs. */
export async function consumeTopic(target: KafkaTarget, options: ConsumeOptions): Promise<RunningTopic> {
  const { topic, group, maxBatch, handle, onCrash, onAssigned, onStuck } = options;
  const consumer = connectKafka(target).consumer({
    groupId: group,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: HEARTBEAT_MS,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    rebalanceTimeout: 20_000,
    // A record that comes ends the wait. Each wait that finds nothing costs the broker a millisecond.
    maxWaitTimeInMs: 250,
    retry: { retries: 8, initialRetryTime: 100 },
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) onCrash(payload.error);
  });
  let receivedMs = Number.NEGATIVE_INFINITY;
  for (const sign of [consumer.events.HEARTBEAT, consumer.events.GROUP_JOIN] as const) {
    consumer.on(sign, () => {
      receivedMs = realClock.nowMs();
    });
  }
  const committer = startOffsetCommitter({
    clock: realClock,
    everyMs: COMMIT_EVERY_MS,
    commit: (offsets) =>
      consumer.commitOffsets([...offsets].map(([partition, next]) => ({ topic, partition, offset: String(next) }))),
  });
  const isolation = isolatePartitions({
    clock: realClock,
    pause: (partition) => whileRunning(() => consumer.pause([{ topic, partitions: [partition] }])),
    resume: (partition) => whileRunning(() => consumer.resume([{ topic, partitions: [partition] }])),
    ...(onStuck && { onStuck }),
  });
  // What was handed over in one membership is not worked on in the next.
  let memberships = 0;
  consumer.on(consumer.events.REBALANCING, () => {
    memberships += 1;
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
    memberships += 1;
    const partitions = payload.memberAssignment[topic] ?? [];
    committer.keepOnly(partitions);
    onAssigned(partitions);
  });
  await consumer.connect();
  // fromBeginning: an offset out of range must lead to the log's start. A replay decides nothing anew.
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: ORDER_PARTITIONS,
    async eachBatch({ batch, resolveOffset, heartbeat, isRunning, isStale }) {
      const { partition } = batch;
      const membership = memberships;
      const context = {
        async heartbeat() {
          try {
            await heartbeat();
          } catch (cause) {
            // kafkajs finds out by its own next one, and joins again.
            throw new NotOursError('not a member at the moment', { cause });
          }
        },
        isOurs: () => membership === memberships && isRunning() && !isStale(),
        highWatermark: BigInt(batch.highWatermark),
      };
      const records = batch.messages.map(({ offset, value, timestamp }) => ({
        offset: BigInt(offset),
        value,
        timestampMs: Number(timestamp),
      }));
      await isolation.run(partition, (onChunk) =>
        workThroughBatch(partition, records, context, {
          maxBatch,
          handle,
          onChunk,
          resolve: (last) => resolveOffset(String(last)),
          commit: async (next) => committer.note(partition, next),
        }),
      );
    },
  });
  return {
    isAlive: () => realClock.nowMs() - receivedMs < SESSION_MS,
    async close() {
      whileRunning(() => consumer.pause([{ topic }]));
      await withDeadline(realClock, deadlines.LOG_WORK.ms, 'work under way', isolation.close()).catch(() => undefined);
      // While it is a member still. The last of its work the next owner may be handed again.
      await withDeadline(realClock, deadlines.LOG_COMMIT.ms, 'commit', committer.close()).catch(() => undefined);
      await disconnect(consumer);
    },
  };
}

/** A consumer that has ended by itself has nothing to pause, and kafkajs throws. */
function whileRunning(act: () => void): void {
  try {
    act();
  } catch {
    // Nothing is handed over any more.
  }
}
