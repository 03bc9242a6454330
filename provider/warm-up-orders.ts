import { randomBytes } from 'node:crypto';
import { credentials, Metadata, Server } from '@grpc/grpc-js';
import type { Stock } from '../db/stocks/stock-table.ts';
import type { PlaceOrdersReply } from '../proto/gen/flashsale/v1/PlaceOrdersReply.ts';
import { type Appender, type KafkaTarget, type RecordsByPartition, startAppender } from '../proto/kafka/kafka.ts';
import { WARM_UP_PARTITIONS } from '../proto/kafka/topics.ts';
import { OrderService } from '../proto/messages/load-protos.ts';
import { mintOrderNumber } from '../proto/messages/order-number.ts';
import { createMetrics } from '../proto/metrics/metrics.ts';
import { bindServer } from '../proto/process/bind-server.ts';
import { realClock, withDeadline } from '../proto/process/clock.ts';
import { createFreshCache } from '../proto/process/fresh-cache.ts';
import { repeatUntilSpent, type WarmUpBudget } from '../proto/process/warm-up.ts';
import { signingKey } from '../proto/settings/secret-keys.ts';
import { createDirectDecider } from './orders/direct-decider.ts';
import { createOrderAppender } from './orders/order-appender.ts';
import { createPendingCounter } from './orders/pending-counter.ts';
import type { OrderPlacer } from './orders/place-orders.ts';
import { createRecordEncoder } from './orders/record-encoder.ts';
import { createOrderService } from './rpc/orders/order-service.ts';
import type { OrderServiceOptions } from './rpc/orders/order-service-options.ts';
import { createTokenInterceptor } from './rpc/token-interceptor.ts';
import { createUnaryHandler } from './rpc/unary-handler.ts';

const NAME = 'warm-up';
const SID = 1;
const MAX_CALLS = 80;
const CALLS_IN_FLIGHT = 2;
const ORDERS_PER_CALL = 50;
const CALL_MS = 2000;
/** Without Kafka the warm-up goes on after this time. */
const KAFKA_MS = 1000;

export type WarmUpOrdersOptions = {
  kafka: KafkaTarget;
  /** A topic of warm-ups only. */
  topic: string;
  /** Of the real service. Its placer is not used. */
  service: Pick<OrderServiceOptions, 'counters' | 'readStock' | 'limitList' | 'onReturn'>;
  recordVersion: number;
  maxCalls?: number;
};

/**
 * Places orders by calls to a second instance of the order path of this provider, on a port of its own. It has its own secrets, metrics and
 * stock, no database, and its own connection to Kafka: a topic that is missing would disturb the appends of the other. Resolves with
 * the number of calls.
 */
export async function warmUpOrders(options: WarmUpOrdersOptions, budget: WarmUpBudget): Promise<number> {
  const token = randomBytes(32).toString('hex');
  const log = startAppender(options.kafka);
  const opened = withDeadline(realClock, KAFKA_MS, 'Kafka', log.open(options.topic));
  const hasLog = await opened.then(
    () => true,
    () => false,
  );
  const append = hasLog ? appendTo(log, options.topic) : acknowledge;
  const { placer, close } = createOwnPlacer(append, options.recordVersion);
  const server = new Server({ interceptors: [createTokenInterceptor(token)] });
  const metrics = createMetrics('provider', { ofProcess: false });
  const service: OrderServiceOptions = {
    ...options.service,
    name: NAME,
    database: noDatabase,
    placer,
    payments: noPayments,
    answer: (work) => createUnaryHandler(() => undefined, metrics, work),
    warn: () => undefined,
  };
  server.addService(OrderService.service, createOrderService(service));
  try {
    return await callRepeatedly(server, token, budget, options.maxCalls ?? MAX_CALLS);
  } finally {
    server.forceShutdown();
    close();
    await log.close();
  }
}

type Append = (records: RecordsByPartition) => Promise<Map<number, bigint>>;

/** Appends each group of records to the next partition. */
function appendTo(log: Appender, topic: string): Append {
  let next = 0;
  return async (records) => {
    const partitions = [...records.keys()];
    const firstOffsets = await Promise.all(
      partitions.map((partition) => {
        next = (next + 1) % WARM_UP_PARTITIONS;
        return log.append(topic, next, records.get(partition) ?? []);
      }),
    );
    return new Map(partitions.map((partition, i) => [partition, firstOffsets[i] ?? -1n]));
  };
}

/** In place of Kafka. */
const acknowledge: Append = async (records) => new Map([...records.keys()].map((partition) => [partition, 0n]));

const noDatabase: OrderServiceOptions['database'] = {
  session: () => Promise.reject(new Error('a warm-up has no database')),
  transaction: () => Promise.reject(new Error('a warm-up has no database')),
  withStatementMs: () => noDatabase,
};

const noPayments: OrderServiceOptions['payments'] = {
  start: () => Promise.reject(new Error('a warm-up has no payments')),
  record: () => Promise.reject(new Error('a warm-up has no payments')),
  keep: () => Promise.reject(new Error('a warm-up has no payments')),
  settle: () => Promise.reject(new Error('a warm-up has no payments')),
  find: () => Promise.reject(new Error('a warm-up has no payments')),
};

function createOwnPlacer(append: Append, recordVersion: number): { placer: OrderPlacer; close(): void } {
  const clock = realClock;
  const pending = createPendingCounter({ clock, readLag: async () => new Map(), everyMs: CALL_MS });
  const stocks = createFreshCache(clock, 1, async (sid: number) => ({
    value: ownStock(sid),
    freshForMs: 1000,
    heldMs: 0,
  }));
  const placer: OrderPlacer = {
    clock,
    stocks,
    encodeRecords: createRecordEncoder(signingKey(randomBytes(32).toString('hex')), recordVersion),
    takesDetails: false,
    pending,
    appender: createOrderAppender({
      clock,
      append,
      pending,
      deadlineMs: CALL_MS,
      onAppend: () => undefined,
      onBreaker: () => undefined,
    }),
    decider: createDirectDecider({
      clock,
      random: Math.random,
      database: noDatabase,
      deadlineMs: CALL_MS,
      payWithinMs: 1000,
      onUnits: () => undefined,
    }),
  };
  return { placer, close: pending.close };
}

function ownStock(sid: number): Stock {
  const units = { count: 1_000_000, sale: 0, version: 1 };
  const terms = { kind: 'sale', priceCents: 1999, currency: 'EUR', opensAtMs: null, closesAtMs: null } as const;
  const selling = { paused: false, hidden: false, maxPerOrder: 1, mode: 'rush', offersOnly: false } as const;
  return { sid, name: NAME, ...units, ...terms, ...selling, readAtMs: Date.now() };
}

async function callRepeatedly(server: Server, token: string, budget: WarmUpBudget, maxCalls: number): Promise<number> {
  const port = await bindServer(server, '127.0.0.1:0');
  const client = new OrderService(`127.0.0.1:${port}`, credentials.createInsecure());
  try {
    return await repeatUntilSpent(budget, { inFlight: CALLS_IN_FLIGHT, max: maxCalls }, () =>
      placeOrders(client, token),
    );
  } finally {
    client.close();
  }
}

function placeOrders(client: InstanceType<typeof OrderService>, token: string): Promise<PlaceOrdersReply> {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  const orders = Array.from({ length: ORDERS_PER_CALL }, (_, i) => {
    const buyer = `${NAME}-${i}`;
    return { orderNo: mintOrderNumber(token, SID, buyer), sid: SID, buyer, mintedAtMs: Date.now(), repeat: false };
  });
  return new Promise((resolve, reject) => {
    const request = { orders, replyTo: NAME };
    client.placeOrders(request, metadata, { deadline: Date.now() + CALL_MS }, (error, reply) =>
      error || !reply ? reject(error) : resolve(reply),
    );
  });
}
