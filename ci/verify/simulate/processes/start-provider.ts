import { createDatabase } from '../../../../db/mysql/database.ts';
import { createCooldowns } from '../../../../db/redis/cooldowns.ts';
import { announceReturn } from '../../../../db/stocks/announce-return.ts';
import type { LadderCounters } from '../../../../db/stocks/ladder-counters.ts';
import type { Stock } from '../../../../db/stocks/stock-table.ts';
import { COMPACT_VERSION, decodeOrderRecord, SINGLE_VERSION } from '../../../../proto/messages/order-record.ts';
import { deadlines } from '../../../../proto/settings/deadlines.ts';
import { createOrderPath, type OrderPathOptions } from '../../../../provider/orders/order-path.ts';
import { createRecordEncoder } from '../../../../provider/orders/record-encoder.ts';
import { createPaymentBatches } from '../../../../provider/payments/payment-batches.ts';
import { createOrderService } from '../../../../provider/rpc/orders/order-service.ts';
import { createStockService } from '../../../../provider/rpc/stocks/stock-service.ts';
import { connectRedisClient } from '../servers/cache/connect-redis-client.ts';
import { createDatabasePool } from '../servers/database/database-pool.ts';
import { type AppendRecords, createRecordAppender } from '../servers/log/record-appender.ts';
import { logAccess, redisAccess } from '../servers/servers.ts';
import { simulatedKey } from '../world/simulated-key.ts';
import { createSimulatedProcess, randomClockOriginMs, type SimulatedProcess } from '../world/simulated-process.ts';
import type { ProcessOptions } from './process-options.ts';
import { silentLogger } from './silent-logger.ts';
import { type SimulatedEntries, takeSimulatedEntries } from './take-simulated-entries.ts';

export type Handlers = Record<string, (request: unknown) => Promise<object>>;
/** `entries`: null where no stock has any. */
export type SimulatedProvider = { process: SimulatedProcess; handlers: Handlers; entries: SimulatedEntries | null };

const STATEMENT_MS = 1000;
const IDLE_MS = 3000;
const PAYMENT_CONNECTIONS = 3;

/** The product's services without their gRPC server, connected to the simulated servers. */
export function startProvider(options: ProcessOptions): SimulatedProvider {
  const { world, servers, sale, name } = options;
  const process = createSimulatedProcess(world.time, name, randomClockOriginMs(world.random));
  const { clock } = process;
  const pace = { clock, random: world.random.next };
  const mysql = createDatabasePool(world, process, servers.database, { maxConnections: 6, idleMs: IDLE_MS });
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  const paymentMysql = createDatabasePool(world, process, servers.database, {
    maxConnections: PAYMENT_CONNECTIONS,
    idleMs: IDLE_MS,
  });
  const payments = createPaymentBatches({
    database: createDatabase({ mysql: paymentMysql, statementMs: STATEMENT_MS }),
    connections: PAYMENT_CONNECTIONS,
    pace,
  });
  const redis = connectRedisClient(world, process, redisAccess(servers));
  // Of a fleet in which the release is being replaced, or its operator is about to roll it back.
  const recordVersion = world.random.chance(sale.oldRecords) ? SINGLE_VERSION : COMPACT_VERSION;
  const { readStock, placer } = createOrderPath({
    ...pace,
    database,
    redis,
    encodeRecords: createRecordEncoder(simulatedKey, recordVersion),
    takesDetails: recordVersion === COMPACT_VERSION,
    append: createAppender(options, createRecordAppender(world, process, logAccess(servers))),
    readLag: createLagReader(options, process),
    appendDeadlineMs: deadlines.APPEND_DEADLINE_MS.ms,
    directDeadlineMs: deadlines.DIRECT_DEADLINE_MS.ms,
    payWithinMs: sale.payWithinMs,
    maxStocks: 10,
    onAppend: () => undefined,
    onBreaker: (partition, isOpen) =>
      world.trace.add(() => `${name}: breaker of ${partition} ${isOpen ? 'open' : 'closed'}`),
  });
  const dependencies = {
    name,
    database,
    readStock,
    logger: silentLogger,
    closing: new AbortController().signal,
    maxPerOrder: 1000,
    counters: {} as LadderCounters,
    uniqueStockReferences: false,
    draws: { isOn: false, drawKey: '', beacon: null, lineWindowMs: 0, offerWithinMs: 0 },
    onStockChanged: (stock: Stock) => announceReturn(redis, stock),
    limitList: <T>(work: () => Promise<T>) => work(),
    // Each handler is then the plain function, not a gRPC handler.
    answer: (work: unknown) => work as never,
    warn: () => undefined,
  };
  const onReturn = (units: Parameters<typeof announceReturn>[1]) => announceReturn(redis, units);
  const services = {
    ...createStockService(dependencies),
    ...createOrderService({
      ...dependencies,
      onReturn,
      placer,
      payments,
      pace,
      startCooldown: createCooldowns(clock, redis, { COOLDOWN: sale.cooldownSeconds })?.start,
    }),
  };
  const entries =
    sale.entries &&
    takeSimulatedEntries(database, { pace, random: world.random, plan: sale.entries, onOpened: onReturn });
  return { process, handlers: services as unknown as Handlers, entries };
}

/** Appends each partition's records on their own, so that some of one request may arrive and others not. Checks their stamps. */
function createAppender({ checks }: ProcessOptions, append: AppendRecords): OrderPathOptions['append'] {
  return async (records) => {
    for (const { value } of [...records.values()].flat()) {
      const decoded = decodeOrderRecord(value, { keys: [simulatedKey], acceptsUnsigned: false });
      for (const order of decoded.kind === 'orders' ? decoded.orders : []) {
        if (!('invalid' in order)) checks.stamped(order.orderNo, order.stampMs ?? 0);
      }
    }
    return new Map(
      await Promise.all(
        [...records].map(async ([partition, group]) => [partition, await append(partition, group)] as const),
      ),
    );
  };
}

function createLagReader({ world, servers }: ProcessOptions, process: SimulatedProcess): OrderPathOptions['readLag'] {
  const { log, group } = servers;
  return async () => {
    await world.travel(process, world.latencyMs());
    if (!servers.logUp) throw new Error('the brokers do not answer');
    const lagOf = (partition: number) => ({
      end: BigInt(log.ends(partition).end),
      committed: BigInt(group.committed(partition)),
    });
    return new Map(log.partitions.map((partition) => [partition, lagOf(partition)]));
  };
}
