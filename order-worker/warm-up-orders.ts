import { randomBytes } from 'node:crypto';
import type { Logger } from 'pino';
import type { Database } from '../db/mysql/database.ts';
import type { PendingOrder } from '../db/orders/decide-orders.ts';
import type { RedisClient } from '../db/redis/connect-redis.ts';
import { type Appender, type KafkaTarget, startAppender } from '../proto/kafka/kafka.ts';
import { partitionOf } from '../proto/kafka/partition-of.ts';
import { type AppendedReader, connectAppendedReader } from '../proto/kafka/read-appended.ts';
import { WARM_UP_PARTITIONS } from '../proto/kafka/topics.ts';
import { mintOrderNumber } from '../proto/messages/order-number.ts';
import { encodeCompactRecord } from '../proto/messages/order-record.ts';
import { realClock, withDeadline } from '../proto/process/clock.ts';
import { repeatUntilSpent, type WarmUpBudget } from '../proto/process/warm-up.ts';
import { signingKey } from '../proto/settings/secret-keys.ts';
import { type BatchDecider, createBatchDecider } from './batch-decider.ts';
import { createDecisionPublisher, type PublishDecisions } from './decision-publisher.ts';
import { decodeRecords } from './decode-records.ts';

const NAME = 'warm-up';
/** Of the records. Their orders are decided as orders of other stocks: see runRound. */
const SID = 1;
const MAX_ROUNDS = 60;
const ROUNDS_IN_FLIGHT = 4;
const ORDERS_PER_ROUND = 50;
const KAFKA_MS = 1000;

export type WarmUpOrdersOptions = {
  database: Database;
  redis: RedisClient;
  kafka: KafkaTarget;
  logger: Logger;
  /** A topic of warm-ups only. */
  topic: string;
  maxOrders: number;
  maxRounds?: number;
};

/**
 * Appends records to a topic of its own, reads, verifies and decides them, and publishes decisions to a channel without readers. The records
 * are signed with a secret that exists during the warm-up only. Resolves with the number of rounds.
 */
export async function warmUpOrders(options: WarmUpOrdersOptions, budget: WarmUpBudget): Promise<number> {
  const { database, redis, maxOrders } = options;
  const logger = options.logger.child({}, { level: 'silent' });
  const key = signingKey(randomBytes(32).toString('hex'));
  const log = await openLog(options.kafka, options.topic);
  const clock = realClock;
  const parts: RoundParts = {
    log,
    key,
    decide: createBatchDecider(database, { clock, random: Math.random, payWithinMs: 1000, maxOrders }),
    publish: createDecisionPublisher({ redis, logger, clock, name: NAME, key }),
  };
  const rounds = { inFlight: ROUNDS_IN_FLIGHT, max: options.maxRounds ?? MAX_ROUNDS };
  try {
    return await repeatUntilSpent(budget, rounds, (round) => runRound(parts, round));
  } finally {
    await log?.close();
  }
}

type RoundParts = {
  log: OwnLog | null;
  key: ReturnType<typeof signingKey>;
  decide: BatchDecider;
  publish: PublishDecisions;
};

/** The table of stocks allows no id below 1, so nothing can be written for such an order. Each round has a stock of its own, because
 * the orders of a stock that were refused once are not decided in one call. */
async function runRound({ log, key, decide, publish }: RoundParts, round: number): Promise<void> {
  const value = encodeOwnRecord(key);
  const received = { offset: 0n, value, timestampMs: Date.now() };
  const records = log ? await passThrough(log, round % WARM_UP_PARTITIONS, value) : [received];
  const verification = { keys: [key], acceptsUnsigned: false };
  const { pending } = decodeRecords(partitionOf(SID), records, verification, ORDERS_PER_ROUND);
  const orders: PendingOrder[] = pending.map(({ order }) => {
    return { ...order, sid: 1 - round, partition: null, offset: null };
  });
  if (orders.length === 0) return;
  const onlyOnce = (tries: number, error: unknown) => {
    if (tries > 0) throw error;
  };
  await decide(orders, onlyOnce);
  const decided = { decision: 'CONFIRMED', state: 'awaiting_payment', liveOrderNo: null, replyTo: NAME } as const;
  await publish(
    orders.map(({ orderNo }) => ({ ...decided, orderNo })),
    [],
  );
}

/** A record of several orders. */
function encodeOwnRecord(key: RoundParts['key']): Buffer {
  const nowMs = Date.now();
  const terms = { takesNoUnit: false, metClosed: false, maxPriceCents: null };
  const orders = Array.from({ length: ORDERS_PER_ROUND }, (_, i) => {
    const buyer = `${NAME}-${i}`;
    const orderNo = mintOrderNumber(key.secret, SID, buyer);
    return { orderNo, sid: SID, buyer, replyTo: NAME, mintedAtMs: nowMs, stampMs: nowMs, ...terms };
  });
  return encodeCompactRecord(orders, key);
}

type OwnLog = { topic: string; appender: Appender; reader: AppendedReader; close(): Promise<void> };

/** Its own connections: a topic that is missing would disturb the appends of others. Null: Kafka does not answer. */
async function openLog(kafka: KafkaTarget, topic: string): Promise<OwnLog | null> {
  const appender = startAppender(kafka);
  try {
    await withDeadline(realClock, KAFKA_MS, 'Kafka', appender.open(topic));
    const reader = await connectAppendedReader(kafka, topic);
    const close = async () => void (await Promise.all([appender.close(), reader.close()]));
    return { topic, appender, reader, close };
  } catch {
    await appender.close();
    return null;
  }
}

/** Appends a record and reads it again. */
async function passThrough({ topic, appender, reader }: OwnLog, partition: number, value: Buffer) {
  const appended = await appender.append(topic, partition, [{ key: String(SID), value }]);
  const messages = await reader.read(partition, appended);
  return messages
    .filter(({ offset }) => BigInt(offset) === appended)
    .map(({ offset, value: read, timestamp }) => ({
      offset: BigInt(offset),
      value: read,
      timestampMs: Number(timestamp),
    }));
}
