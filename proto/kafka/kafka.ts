import type { ConnectionOptions } from 'node:tls';
import kafkajs, {
  type Admin,
  type Consumer,
  type EachBatchPayload,
  type GroupDescription,
  type Kafka,
  type KafkaMessage,
  type SASLOptions,
} from 'kafkajs';
import type { Logger } from 'pino';
import { realClock, withDeadline } from '../process/clock.ts';
import { createAvailability } from '../process/create-availability.ts';
import { deadlines } from '../settings/deadlines.ts';
import type { KafkaAddress, KafkaSecurity } from '../settings/kafka-security.ts';
import { patchKafkajs } from './patch-kafkajs.ts';

// The only file that imports kafkajs, beside patch-kafkajs.ts, which patches the library, whose version is locked in package-lock.json.
// kafkajs computes negative delays for its request queue, which Node 24 warns about. They are harmless.
const emitWarning = process.emitWarning.bind(process);
process.emitWarning = ((warning: string | Error, ...rest: unknown[]) => {
  if (rest[0] === 'TimeoutNegativeWarning' || (warning as Error).name === 'TimeoutNegativeWarning') return;
  (emitWarning as (...args: unknown[]) => void)(warning, ...rest);
}) as typeof process.emitWarning;

patchKafkajs();

const DISCONNECT_DEADLINE_MS = deadlines.LOG_DISCONNECT.ms;
const RECONNECT_PAUSE_MS = 500;
const REQUEST_MS = 1500;
const CONNECT_MS = 1000;
/** The handshake of TLS adds two round trips and some milliseconds of CPU time at each end. */
const CONNECT_TLS_MS = 3000;
/** A busy broker needs time to create and alter topics on its disk. */
const ADMIN_REQUEST_MS = 10_000;
/** How often the leaders of partitions are read again. The default of kafkajs is five minutes. */
export const METADATA_MAX_AGE_MS = 2000;

export type { Consumer, EachBatchPayload, KafkaMessage };

export type KafkaTarget = {
  brokers: string[];
  clientId: string;
  logger: Logger;
  /** Without it, connections are neither encrypted nor logged in. */
  security?: KafkaSecurity | undefined;
};
export type RecordsByPartition = Map<number, LogRecord[]>;
export type LogRecord = { key: string | null; value: Buffer | null; headers?: Record<string, string> };

export function createKafkaTarget(
  { kafkaBrokers, kafkaSecurity }: KafkaAddress,
  clientId: string,
  logger: Logger,
): KafkaTarget {
  return { brokers: kafkaBrokers.split(','), clientId, logger, security: kafkaSecurity };
}

export function connectKafka({ brokers, clientId, logger, security }: KafkaTarget, requestTimeout = REQUEST_MS): Kafka {
  const { tls = null, sasl = null } = security ?? {};
  return new kafkajs.Kafka({
    brokers,
    clientId,
    connectionTimeout: tls ? CONNECT_TLS_MS : CONNECT_MS,
    // Without noDelay the last part of a long request waits for the acknowledgement of the parts before.
    ...(tls && { ssl: { ...tls, noDelay: true } as ConnectionOptions }),
    ...(sasl && { sasl: sasl as SASLOptions }),
    requestTimeout,
    retry: { retries: 2, initialRetryTime: 50 },
    logLevel: kafkajs.logLevel.WARN,
    // kafkajs logs errors that it retries. Final errors are a rejection or a CRASH event.
    logCreator: () => (entry) => logger.debug({ broker: entry.log.broker }, `kafka: ${entry.log.message}`),
  });
}

/** For calls that no buyer waits for. */
export function createAdmin(target: KafkaTarget): Admin {
  return connectKafka(target, ADMIN_REQUEST_MS).admin();
}

/** A disconnect of kafkajs may never end by itself. */
export async function disconnect(client: { disconnect(): Promise<void> }): Promise<void> {
  await withDeadline(realClock, DISCONNECT_DEADLINE_MS, 'disconnect', client.disconnect()).catch(() => undefined);
}

export type Appender = {
  /**
   * Appends records to one partition, acknowledged by all in-sync replicas. Resolves with the offset of the first record. After a rejection
   * the log may still have them. The caller needs its own deadline: without a broker this takes seconds.
   */
  append(topic: string, partition: number, records: LogRecord[]): Promise<bigint>;
  /** Appends to several partitions in one request. Resolves with the first offset by partition; rejects if one of them failed. */
  appendAll(topic: string, records: RecordsByPartition): Promise<Map<number, bigint>>;
  isConnected(): boolean;
  /** Resolves when it is connected for the first time and has read the leaders of the topic. */
  open(topic: string): Promise<void>;
  close(): Promise<void>;
};

/** A producer that connects and reconnects in the background. While it is not connected, `append` rejects at once. */
export function startAppender(target: KafkaTarget): Appender {
  // Not idempotent: kafkajs rolls its sequence back after a time-out, and the broker then drops a new record as a duplicate.
  const producer = connectKafka(target).producer({
    idempotent: false,
    allowAutoTopicCreation: false,
    metadataMaxAge: METADATA_MAX_AGE_MS,
    // Unused, since every record names its partition. Without it kafkajs logs a warning.
    createPartitioner: kafkajs.Partitioners.DefaultPartitioner,
  });
  const availability = createAvailability(target.logger, 'Kafka');
  let connected = false;
  let closed = false;
  let retry: NodeJS.Timeout | undefined;
  const opened = Promise.withResolvers<void>();
  let opening: Promise<unknown> = Promise.resolve();

  async function connect(): Promise<void> {
    try {
      await producer.connect();
      // Closed while connecting: this connection must be ended here.
      if (closed) return disconnect(producer);
      connected = true;
      availability.up();
      opened.resolve();
    } catch (error) {
      if (!closed) availability.down(error);
      if (!closed) retry = setTimeout(connect, RECONNECT_PAUSE_MS);
    }
  }
  void connect();

  async function appendAll(topic: string, records: RecordsByPartition): Promise<Map<number, bigint>> {
    if (!connected) throw new Error('not connected to the log');
    const messages = [...records].flatMap(([partition, group]) => group.map((record) => ({ ...record, partition })));
    const results = await producer.send({ topic, acks: -1, messages });
    const offsets = new Map(results.map(({ partition, baseOffset = '-1' }) => [partition, BigInt(baseOffset)]));
    // If the leader of a partition has changed, kafkajs does not ask a broker again that answered for another one, and resolves without it.
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
    async open(topic) {
      await opened.promise;
      const reading = appendAll(topic, new Map());
      // A broker that demands a login accepts the connection without it, and closes it at the first request.
      opening = reading.then(availability.up, availability.down);
      await reading;
    },
    async close() {
      closed = true;
      clearTimeout(retry);
      // It would reconnect after the disconnect.
      await withDeadline(realClock, DISCONNECT_DEADLINE_MS, 'open', opening).catch(() => undefined);
      if (connected) await disconnect(producer);
    },
  };
}

export type LagReader = {
  /** By partition: the next offset of the log, and the committed offset of the group (-1: none). */
  read(): Promise<Map<number, { end: bigint; committed: bigint }>>;
  close(): Promise<void>;
};

/** Connects at the first read, and reconnects at the next read after a failure. */
export function startLagReader(target: KafkaTarget, topic: string, group: string): LagReader {
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
      // A read in progress would reconnect after the disconnect, and that connection would stay open.
      await withDeadline(realClock, DISCONNECT_DEADLINE_MS, 'last read', reading).catch(() => undefined);
      await disconnect(admin);
    },
  };
}

/** Methods of a broker that the public API of kafkajs does not have. */
type Coordinator = {
  describeGroups(request: { groupIds: string[] }): Promise<{ groups: GroupDescription[] }>;
  leaveGroup(request: { groupId: string; memberId: string }): Promise<unknown>;
  offsetCommit(request: {
    groupId: string;
    memberId: string;
    groupGenerationId: number;
    topics: { topic: string; partitions: { partition: number; offset: string }[] }[];
  }): Promise<unknown>;
};
type Cluster = {
  connect(): Promise<void>;
  refreshMetadata(): Promise<void>;
  disconnect(): Promise<void>;
  findGroupCoordinator(request: { groupId: string }): Promise<Coordinator>;
  addTargetTopic(topic: string): Promise<void>;
  findLeaderForPartitions(topic: string, partitions: number[]): Record<string, number[]>;
  findBroker(request: { nodeId: string }): Promise<FetchBroker>;
};
type FetchBroker = {
  fetch(request: object): Promise<{ responses: { partitions: { messages: KafkaMessage[] }[] }[] }>;
};

/**
 * Connects to the broker that coordinates a group. The admin client of kafkajs can neither remove a member nor set offsets without joining the
 * group.
 */
export async function connectCoordinator(
  target: KafkaTarget,
  group: string,
): Promise<{ coordinator: Coordinator; close(): Promise<void> }> {
  const cluster = createCluster(target);
  const close = () => disconnect(cluster);
  try {
    await cluster.connect();
    await cluster.refreshMetadata();
    return { coordinator: await cluster.findGroupCoordinator({ groupId: group }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

export function createCluster(target: KafkaTarget): Cluster {
  const kafka = connectKafka(target);
  const symbol = Object.getOwnPropertySymbols(kafka).find(({ description }) => description?.endsWith(':createCluster'));
  const create = symbol && (kafka as unknown as Record<symbol, (options: object) => Cluster>)[symbol];
  if (!create) throw new Error('unsupported version of kafkajs');
  return create({ allowAutoTopicCreation: false });
}
