import kafkajs, { type Admin, type Consumer, type Kafka, type Producer } from 'kafkajs';
import type { Logger } from 'pino';
import { realClock, withDeadline } from './clock.ts';
import { openOffsetCommitter } from './commit-offsets.ts';
import { ORDER_PARTITIONS } from './partition-of.ts';
import { type HandleBatch, workThroughBatch } from './work-through-batch.ts';

// The only file that imports kafkajs: what the library gets wrong is mended here, and a successor would replace this file.
// kafkajs computes a negative delay for its request queue, which Node 24 reports each time; nothing is wrong then.
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
  if (rest[0] === 'TimeoutNegativeWarning' || (warning as Error).name === 'TimeoutNegativeWarning') return;
  (emitWarning as (...args: unknown[]) => void)(warning, ...rest);
}) as typeof process.emitWarning;

const DISCONNECT_DEADLINE_MS = 3000;
const RECONNECT_PAUSE_MS = 500;
const SESSION_MS = 15_000;
const COMMIT_EVERY_MS = 100;

export type KafkaTarget = { brokers: string[]; clientId: string; logger: Logger };
export type RecordsByPartition = Map<number, LogRecord[]>;
export type LogRecord = { key: string; value: Buffer | null; headers?: Record<string, string> };

export function connectKafka({ brokers, clientId, logger }: KafkaTarget): Kafka {
  return new kafkajs.Kafka({
    brokers,
    clientId,
    connectionTimeout: 1000,
    requestTimeout: 1500,
    retry: { retries: 2, initialRetryTime: 50 },
    logLevel: kafkajs.logLevel.WARN,
    // kafkajs logs as an error what it goes on to retry; what it gives up on reaches us as a rejection or a CRASH event.
    logCreator: () => (entry) => logger.debug({ broker: entry.log.broker }, `kafka: ${entry.log.message}`),
  });
}

/** Not every close of kafkajs ends by itself. */
export async function disconnect(client: Producer | Consumer | Admin): Promise<void> {
  await withDeadline(realClock, DISCONNECT_DEADLINE_MS, 'disconnect', client.disconnect()).catch(() => undefined);
}

export type Appender = {
  /**
   * Appends the records to one partition, acknowledged by all in-sync replicas. A rejection says nothing about whether the
   * log has them. Resolves with the offset of the first record. The caller keeps its own deadline: with the broker gone this takes seconds.
   */
  append(topic: string, partition: number, records: LogRecord[]): Promise<bigint>;
  /** The same for several partitions in one request: by partition, the offset of its first record. Rejects where one of them failed. */
  appendAll(topic: string, records: RecordsByPartition): Promise<Map<number, bigint>>;
  isConnected(): boolean;
  close(): Promise<void>;
};

/** A producer that connects in the background and again after a loss; until then `append` rejects at once. */
export function openAppender(target: KafkaTarget): Appender {
  // Not idempotent: kafkajs rolls its sequence back after a time-out, and the broker then drops a new record as a copy.
  const producer = connectKafka(target).producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    // Every record names its partition; said only because kafkajs warns otherwise.
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  let connected = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;

  async function connect(): Promise<void> {
    try {
      await producer.connect();
      // Closed meanwhile: nobody else would end this connection.
      if (closed) return disconnect(producer);
      connected = true;
    } catch {
      if (!closed) retry = setTimeout(connect, RECONNECT_PAUSE_MS);
    }
  }
  void connect();

  async function appendAll(topic: string, records: RecordsByPartition): Promise<Map<number, bigint>> {
    if (!connected) throw new Error('the log is not connected');
    const messages = [...records].flatMap(([partition, group]) => group.map((record) => ({ ...record, partition })));
    const results = await producer.send({ topic, acks: -1, messages });
    const offsets = new Map(results.map(({ partition, baseOffset = '-1' }) => [partition, BigInt(baseOffset)]));
    // Where a partition's leader has changed, kafkajs asks nobody again who has answered for another one, and resolves without it.
    if (![...records.keys()].every((partition) => offsets.has(partition)))
      throw new Error('not every partition answered');
    return offsets;
  }

  return {
    async append(topic, partition, records) {
      return (await appendAll(topic, new Map([[partition, records]]))).get(partition) as bigint;
    },
    appendAll,
    isConnected: () => connected,
    async close() {
      closed = true;
      clearTimeout(retry);
      if (connected) await disconnect(producer);
    },
  };
}

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
};

export type RunningTopic = {
  /** Whether the group has heard of this member lately. */
  isAlive(): boolean;
  close(): Promise<void>;
};

/** Reads a topic as a member of a group, from the oldest record where no offset is known. Resolves once it runs. */
export async function consumeTopic(target: KafkaTarget, options: ConsumeOptions): Promise<RunningTopic> {
  const { topic, group, maxBatch, handle, onCrash, onAssigned } = options;
  const consumer = connectKafka(target).consumer({
    groupId: group,
    sessionTimeout: SESSION_MS,
    heartbeatInterval: 2000,
    rebalanceTimeout: 20_000,
    // A record that comes ends the wait. Each wait that finds nothing costs the broker a millisecond.
    maxWaitTimeInMs: 250,
    retry: { retries: 8, initialRetryTime: 100 },
  });
  consumer.on(consumer.events.CRASH, ({ payload }) => {
    if (!payload.restart) onCrash(payload.error);
  });
  let heardMs = Number.NEGATIVE_INFINITY;
  for (const sign of [consumer.events.HEARTBEAT, consumer.events.GROUP_JOIN] as const) {
    consumer.on(sign, () => {
      heardMs = realClock.nowMs();
    });
  }
  const committer = openOffsetCommitter({
    ...{ clock: realClock, everyMs: COMMIT_EVERY_MS },
    commit: (offsets) =>
      consumer.commitOffsets([...offsets].map(([partition, next]) => ({ topic, partition, offset: String(next) }))),
  });
  consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
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
      const context = {
        heartbeat,
        isOurs: () => isRunning() && !isStale(),
        highWatermark: BigInt(batch.highWatermark),
      };
      const records = batch.messages.map(({ offset, value, timestamp }) => ({
        ...{ offset: BigInt(offset), value, timestampMs: Number(timestamp) },
      }));
      await workThroughBatch(partition, records, context, {
        ...{ maxBatch, handle },
        resolve: (last) => resolveOffset(String(last)),
        commit: async (next) => committer.note(partition, next),
      });
    },
  });
  return {
    isAlive: () => realClock.nowMs() - heardMs < SESSION_MS,
    async close() {
      // While it is a member still. The last of its work the next owner may be handed again.
      await withDeadline(realClock, DISCONNECT_DEADLINE_MS, 'commit', committer.close()).catch(() => undefined);
      await disconnect(consumer);
    },
  };
}

export type LagReader = {
  /** By partition: the next offset of the log, and the group's committed one (-1: none yet). */
  read(): Promise<Map<number, { end: bigint; committed: bigint }>>;
  close(): Promise<void>;
};

/** Connects at the first read, and again at the next one when it failed. */
export function openLagReader(target: KafkaTarget, topic: string, group: string): LagReader {
  const admin = connectKafka(target).admin();
  let connected = false;
  let reading: Promise<unknown> = Promise.resolve();

  async function read(): Promise<Map<number, { end: bigint; committed: bigint }>> {
    if (!connected) await admin.connect();
    connected = true;
    const [ends, committed] = await Promise.all([
      admin.fetchTopicOffsets(topic),
      admin.fetchOffsets({ groupId: group, topics: [topic] }),
    ]);
    const done = new Map(committed[0]?.partitions.map(({ partition, offset }) => [partition, BigInt(offset)]));
    return new Map(
      ends.map(({ partition, offset }) => [partition, { end: BigInt(offset), committed: done.get(partition) ?? -1n }]),
    );
  }

  return {
    read() {
      const result = read();
      reading = result.catch(() => undefined);
      return result;
    },
    async close() {
      // A read under way would connect again behind the disconnect, and that connection nobody would ever close.
      await withDeadline(realClock, DISCONNECT_DEADLINE_MS, 'last read', reading).catch(() => undefined);
      await disconnect(admin);
    },
  };
}
