import { createDatabase } from '../../../../db/mysql/database.ts';
import { keepOrderEvents, type OrderEvent } from '../../../../db/orders/order-event-table.ts';
import { createCooldowns } from '../../../../db/redis/cooldowns.ts';
import { publishDecidedOffset } from '../../../../db/redis/decided-offsets.ts';
import { announceReturn } from '../../../../db/stocks/announce-return.ts';
import type { UnitsAfter } from '../../../../db/stocks/stock-table.ts';
import { createBatchHandler } from '../../../../order-worker/batch-handler.ts';
import { createDecisionPublisher } from '../../../../order-worker/decision-publisher.ts';
import { type DrawDueOptions, drawDue } from '../../../../order-worker/draws/draw-due.ts';
import { createEventPositions } from '../../../../order-worker/events/event-positions.ts';
import { createEventPublisher } from '../../../../order-worker/events/event-publisher.ts';
import { sendEvents } from '../../../../order-worker/events/send-events.ts';
import { startExpiryJob } from '../../../../order-worker/jobs/start-expiry-job.ts';
import { startJob } from '../../../../order-worker/jobs/start-job.ts';
import { startOfferJob } from '../../../../order-worker/jobs/start-offer-job.ts';
import { startOutboxJobs } from '../../../../order-worker/jobs/start-outbox-jobs.ts';
import { startPaymentJobs } from '../../../../order-worker/jobs/start-payment-jobs.ts';
import { orderEntries } from '../../../../proto/draws/order-entries.ts';
import type { RecordsByPartition } from '../../../../proto/kafka/kafka.ts';
import { mintOrderNumber } from '../../../../proto/messages/order-number.ts';
import { connectRedisClient } from '../servers/cache/connect-redis-client.ts';
import { createDatabasePool } from '../servers/database/database-pool.ts';
import { connectGateway } from '../servers/gateway/connect-gateway.ts';
import { createRecordAppender } from '../servers/log/record-appender.ts';
import { runMember } from '../servers/log/run-member.ts';
import { eventAccess, logAccess, redisAccess } from '../servers/servers.ts';
import { SIMULATED_DRAW_KEY, simulatedKey } from '../world/simulated-key.ts';
import { createSimulatedProcess, randomClockOriginMs, type SimulatedProcess } from '../world/simulated-process.ts';
import type { ProcessOptions } from './process-options.ts';
import { silentLogger } from './silent-logger.ts';

const STATEMENT_MS = 2000;
const IDLE_MS = 3000;
const TOPIC = 'orders';
const DRAW_EVERY_MS = 1000;
const NO_BEACON = { chain: '', genesisMs: 0, periodMs: 3000, readSignature: () => undefined };

/** The product's batch handler and expiry, connected to the simulated servers. */
export function startWorker(options: ProcessOptions): SimulatedProcess {
  const { world, servers, sale, name } = options;
  const process = createSimulatedProcess(world.time, name, randomClockOriginMs(world.random));
  const { clock } = process;
  const mysql = createDatabasePool(world, process, servers.database, { maxConnections: 8, idleMs: IDLE_MS });
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  const redis = connectRedisClient(world, process, redisAccess(servers));
  const log = createEventAppender(options, process);
  const send = (events: OrderEvent[]) => sendEvents(log, 'order-events', events, clock);
  const events = createEventPublisher({
    clock,
    send,
    keep: (unsent) => database.session((session) => keepOrderEvents(session, unsent)),
  });
  const positions = createEventPositions({ clock, database, topic: TOPIC, flush: events.flush });
  const handle = createBatchHandler({
    database,
    publishEvents: events.add,
    positions,
    onDecided: (partition, next) => publishDecidedOffset(redis, partition, next),
    publish: createDecisionPublisher({ redis, logger: silentLogger, clock, name, key: simulatedKey }),
    verification: { keys: [simulatedKey], acceptsUnsigned: false },
    options: { clock, random: world.random.next, payWithinMs: sale.payWithinMs, maxOrders: sale.decideBatch },
    async deadLetter(partition, letters) {
      world.trace.add(() => `${name}: dead letters of ${partition}: ${letters.map(({ reason }) => reason).join('; ')}`);
    },
    isStopping: () => false,
    onRetry: (_partition, tries, error) =>
      world.trace.add(() => `${name}: try ${tries} not committed: ${(error as Error).message}`),
  });
  const access = logAccess(servers);
  runMember({
    world,
    process,
    group: servers.group,
    access,
    maxBatch: sale.decideBatch,
    handle,
    beforeCommit: positions.publishedTo,
  });
  const cooldowns = createCooldowns(clock, redis, { COOLDOWN: sale.cooldownSeconds });
  startExpiryJob({ database, redis, cooldowns, logger: silentLogger, clock });
  if (sale.entries) {
    let offers = 0;
    startOfferJob({
      database,
      redis,
      // As deterministic as the seed.
      mintOrderNo: (sid, buyer) => mintOrderNumber(simulatedKey.secret, sid, buyer, `offer-${name}-${++offers}`),
      offerWithinMs: sale.entries.offerWithinMs,
      logger: silentLogger,
      clock,
    });
    startJob({ name: 'draws', everyMs: DRAW_EVERY_MS, logger: silentLogger, clock, work: drawJob(options, process) });
  }
  if (sale.gateway) {
    const gateway = connectGateway(world, process, { gateway: servers.gateway, plan: sale.gateway });
    const onReturn = (units: UnitsAfter) => announceReturn(redis, units);
    const random = world.random.next;
    startPaymentJobs({ database, gateway, onReturn, onPayment: () => undefined, logger: silentLogger, clock, random });
  }
  startOutboxJobs({ database, orderTopic: TOPIC, publish: send, isConnected: () => true, logger: silentLogger, clock });
  return process;
}

/** On a pool of its own, as in the product. */
function drawJob({ world, servers, sale }: ProcessOptions, process: SimulatedProcess): () => Promise<void> {
  const mysql = createDatabasePool(world, process, servers.database, { maxConnections: 3, idleMs: IDLE_MS });
  const options: DrawDueOptions = {
    database: createDatabase({ mysql, statementMs: STATEMENT_MS }),
    drawKey: SIMULATED_DRAW_KEY,
    beacon: NO_BEACON,
    fetchBeacon: () => Promise.reject(new Error('draws of the simulation have no beacon')),
    orderEntries: async (ids, outcome) => orderEntries(ids, outcome),
    page: 2,
    claimSeconds: sale.entries?.claimSeconds,
    metrics: { drawn: () => undefined },
    logger: silentLogger,
    clock: process.clock,
  };
  return () => drawDue(options, () => false);
}

/** Appends to the event topic, each partition on its own. What arrives there is checked. */
function createEventAppender({ world, servers, checks }: ProcessOptions, process: SimulatedProcess) {
  const access = eventAccess(servers);
  const append = createRecordAppender(world, process, {
    ...access,
    log: {
      ...access.log,
      append(partition, values) {
        for (const value of values) if (value) checks.events.published(value);
        return access.log.append(partition, values);
      },
    },
  });
  return {
    async appendAll(_topic: string, records: RecordsByPartition) {
      const appends = [...records].map(
        async ([partition, group]) => [partition, await append(partition, group)] as const,
      );
      return new Map(await Promise.all(appends));
    },
  };
}
