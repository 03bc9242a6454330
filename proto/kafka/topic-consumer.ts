import { realClock, withDeadline } from '../process/clock.ts';
import { deadlines } from '../settings/deadlines.ts';
import {
  type Consumer,
  connectKafka,
  disconnect,
  type EachBatchPayload,
  type KafkaMessage,
  type KafkaTarget,
  METADATA_MAX_AGE_MS,
} from './kafka.ts';
import { startOffsetCommitter } from './offset-committer.ts';
import { createPartitionIsolation } from './partition-isolation.ts';
import { ORDER_PARTITIONS } from './partition-of.ts';
import {
  type BatchContext,
  type HandleBatch,
  NotOwnedError,
  type ReceivedRecord,
  workThroughBatch,
} from './work-through-batch.ts';

const SESSION_MS = 15_000;
// A member learns of a rebalance from its next heartbeat, and the others wait for it. An idle member sends one after each empty fetch.
const HEARTBEAT_MS = 200;
/** A replay after a crash decides no order again. */
const COMMIT_EVERY_MS = 1000;

export type TopicConsumerOptions = {
  topic: string;
  group: string;
  /** Maximum records per call of `handle`. */
  maxBatch: number;
  /** The offset is committed soon after this resolves, never before. */
  handle: HandleBatch;
  /** Called with the offsets of handled records before they are committed. By default all are ready. */
  beforeCommit?(offsets: Map<number, bigint>): Promise<CommittableOffsets>;
  /** The consumer cannot continue: the process must be restarted. */
  onCrash(error: Error): void;
  onAssigned(partitions: number[]): void;
  /** A partition is stuck while the others continue, or continues again. `error`: what stopped it. */
  onStuck?(partition: number, isStuck: boolean, error?: unknown): void;
};

/** `later`: to be asked for again. What is in neither is not committed. */
export type CommittableOffsets = { ready: Map<number, bigint>; later?: Map<number, bigint> };

export type TopicConsumer = {
  /** Whether the group received a heartbeat of this member within the session timeout. */
  isAlive(): boolean;
  close(): Promise<void>;
};

/** Consumes a topic as a member of a group, from the oldest record if there is no offset. Resolves when it is running. */
export async function startTopicConsumer(target: KafkaTarget, options: TopicConsumerOptions): Promise<TopicConsumer> {
  const { topic, maxBatch, handle, onCrash, onAssigned, onStuck, beforeCommit = readyNow } = options;
  const consumer = createGroupMember(target, options.group);
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) onCrash(payload.error);
  });
  const isAlive = watchHeartbeats(consumer);
  const committer = startOffsetCommitter({
    clock: realClock,
    everyMs: COMMIT_EVERY_MS,
    async commit(offsets) {
      const { ready, later } = await beforeCommit(offsets);
      await consumer.commitOffsets([...ready].map(([partition, next]) => ({ topic, partition, offset: String(next) })));
      return later;
    },
  });
  const isolation = createPartitionIsolation({
    clock: realClock,
    pause: (partition) => whileRunning(() => consumer.pause([{ topic, partitions: [partition] }])),
    resume: (partition) => whileRunning(() => consumer.resume([{ topic, partitions: [partition] }])),
    ...(onStuck && { onStuck }),
  });
  // Records received in one membership are not handled in the next.
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
  // fromBeginning: an offset out of range must lead to the start of the log. A replay decides no order again.
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    autoCommit: false,
    eachBatchAutoResolve: false,
    partitionsConsumedConcurrently: ORDER_PARTITIONS,
    async eachBatch(payload) {
      const { partition } = payload.batch;
      const membership = memberships;
      const context = createBatchContext(payload, () => membership === memberships);
      const records = payload.batch.messages.map(toReceivedRecord);
      await isolation.run(partition, (onChunk) =>
        workThroughBatch(partition, records, context, {
          maxBatch,
          handle,
          onChunk,
          resolve: (last) => payload.resolveOffset(String(last)),
          commit: async (next) => committer.note(partition, next),
        }),
      );
    },
  });
  return {
    isAlive,
    async close() {
      whileRunning(() => consumer.pause([{ topic }]));
      await withDeadline(realClock, deadlines.LOG_WORK.ms, 'batches in flight', isolation.close()).catch(ignore);
      // Must happen while it is a member. The next owner may receive the last records again.
      await withDeadline(realClock, deadlines.LOG_COMMIT.ms, 'commit', committer.close()).catch(ignore);
      await disconnect(consumer);
    },
  };
}

function createGroupMember(target: KafkaTarget, groupId: string): Consumer {
  return connectKafka(target).consumer({
    groupId,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: HEARTBEAT_MS,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    rebalanceTimeout: 20_000,
    // A new record ends the wait. Each empty fetch costs the broker a millisecond.
    maxWaitTimeInMs: 250,
    retry: { retries: 8, initialRetryTime: 100 },
  });
}

/** Returns whether the last heartbeat is within the session timeout. */
function watchHeartbeats(consumer: Consumer): () => boolean {
  let receivedMs = Number.NEGATIVE_INFINITY;
  const onSign = () => {
    receivedMs = realClock.nowMs();
  };
  consumer.on(consumer.events.HEARTBEAT, onSign);
  consumer.on(consumer.events.GROUP_JOIN, onSign);
  return () => realClock.nowMs() - receivedMs < SESSION_MS;
}

function createBatchContext(payload: EachBatchPayload, isSameMembership: () => boolean): BatchContext {
  const { batch, heartbeat, isRunning, isStale } = payload;
  return {
    async heartbeat() {
      try {
        await heartbeat();
      } catch (cause) {
        // kafkajs learns this from its next heartbeat, and joins again.
        throw new NotOwnedError('not a member of the group', { cause });
      }
    },
    isOwned: () => isSameMembership() && isRunning() && !isStale(),
    highWatermark: BigInt(batch.highWatermark),
  };
}

function toReceivedRecord({ offset, value, timestamp }: KafkaMessage): ReceivedRecord {
  return { offset: BigInt(offset), value, timestampMs: Number(timestamp) };
}

function ignore(): void {
  // The process closes in any case.
}

/** kafkajs throws if the consumer has ended by itself. */
function whileRunning(act: () => void): void {
  try {
    act();
  } catch {
    // No more records are received.
  }
}

async function readyNow(ready: Map<number, bigint>): Promise<CommittableOffsets> {
  return { ready };
}
