import { createDatabase } from '../../../../db/mysql/database.ts';
import { announceReturn } from '../../../../db/stocks/announce-return.ts';
import type { LadderCounters } from '../../../../db/stocks/ladder-counters.ts';
import type { Stock } from '../../../../db/stocks/stock-table.ts';
import { OrderRecordType, SignedMessageType } from '../../../../proto/messages/load-protos.ts';
import { deadlines } from '../../../../proto/settings/deadlines.ts';
import { createOrderPath } from '../../../../provider/orders/order-path.ts';
import { orderService } from '../../../../provider/rpc/order-service.ts';
import { stockService } from '../../../../provider/rpc/stock-service.ts';
import type { InvariantChecks } from '../invariants/invariant-checks.ts';
import type { Sale } from '../plans/plan-sale.ts';
import { connectRedisClient } from '../servers/cache/connect-redis-client.ts';
import { createDatabasePool } from '../servers/database/database-pool.ts';
import { createRecordAppender } from '../servers/log/record-appender.ts';
import { logAccess, redisAccess, type Servers } from '../servers/servers.ts';
import { simulatedKey } from '../world/simulated-key.ts';
import { createSimulatedProcess, randomClockOriginMs, type SimulatedProcess } from '../world/simulated-process.ts';
import type { World } from '../world/world.ts';
import { silentLogger } from './silent-logger.ts';

export type Handlers = Record<string, (request: unknown) => Promise<object>>;
export type SimulatedProvider = { process: SimulatedProcess; handlers: Handlers };

const STATEMENT_MS = 1000;
const IDLE_MS = 3000;

type Append = ReturnType<typeof createRecordAppender>;

/** Each partition's records go their own way, so that of one request some may arrive and others not. */
function appendEach(append: Append) {
  return async (records: Map<number, { value: Buffer | null }[]>): Promise<Map<number, bigint>> =>
    new Map(
      await Promise.all(
        [...records].map(async ([partition, group]) => [partition, await append(partition, group)] as const),
      ),
    );
}

/** Tells of the stamp that each record carries. */
function watchStamps(append: ReturnType<typeof appendEach>, onStamp: InvariantChecks['stamps']): typeof append {
  return (records) => {
    for (const { value } of [...records.values()].flat()) {
      if (!value) continue;
      const { orderNo, stampMs } = OrderRecordType.deserialize(SignedMessageType.deserialize(value).payload);
      onStamp(orderNo, stampMs);
    }
    return append(records);
  };
}

/** A provider: the product's services without their gRPC server, on connections to the stand-ins. */
export function startProvider(
  world: World,
  servers: Servers,
  sale: Sale,
  name: string,
  onStamp: InvariantChecks['stamps'],
): SimulatedProvider {
  const process = createSimulatedProcess(world.time, name, randomClockOriginMs(world.random));
  const { clock } = process;
  const random = world.random.next;
  const mysql = createDatabasePool(world, process, servers.database, { maxConnections: 6, idleMs: IDLE_MS });
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  const redis = connectRedisClient(world, process, redisAccess(servers));
  const access = logAccess(servers);
  const { readStock, place } = createOrderPath({
    clock,
    random,
    database,
    redis,
    recordKey: simulatedKey,
    append: watchStamps(appendEach(createRecordAppender(world, process, access)), onStamp),
    async readLag() {
      await world.travel(process, world.latencyMs());
      if (!servers.logUp) throw new Error('the brokers do not answer');
      const of = (partition: number) => ({
        end: BigInt(servers.log.ends(partition).end),
        committed: BigInt(servers.group.committed(partition)),
      });
      return new Map(servers.log.partitions.map((partition) => [partition, of(partition)]));
    },
    appendDeadlineMs: deadlines.APPEND_DEADLINE_MS.ms,
    directDeadlineMs: deadlines.DIRECT_DEADLINE_MS.ms,
    payWithinMs: sale.payWithinMs,
    maxStocks: 10,
    onBreaker: (partition, state) => world.trace.add(() => `${name}: breaker of ${partition} ${state}`),
  });
  const parts = {
    name,
    database,
    readStock,
    logger: silentLogger,
    closing: new AbortController().signal,
    counters: {} as LadderCounters,
    onStockChanged: (stock: Stock) => announceReturn(redis, stock),
    limitList: <T>(work: () => Promise<T>) => work(),
    // An rpc is then the function that the product makes it of.
    answer: (work: unknown) => work as never,
  };
  const pace = { clock, random };
  const onReturn = (units: Parameters<typeof announceReturn>[1]) => announceReturn(redis, units);
  const services = { ...stockService(parts), ...orderService({ ...parts, onReturn, place, pace }) };
  return { process, handlers: services as unknown as Handlers };
}
