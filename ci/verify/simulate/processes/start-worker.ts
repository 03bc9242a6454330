import { createDatabase } from '../../../../db/mysql/database.ts';
import { createBatchHandler } from '../../../../order-worker/batch-handler.ts';
import { createDecisionPublisher } from '../../../../order-worker/decision-publisher.ts';
import { startExpiryJob } from '../../../../order-worker/jobs/start-expiry-job.ts';
import { connectRedisClient } from '../servers/cache/connect-redis-client.ts';
import { createDatabasePool } from '../servers/database/database-pool.ts';
import { runMember } from '../servers/log/run-member.ts';
import { logAccess, redisAccess } from '../servers/servers.ts';
import { simulatedKey } from '../world/simulated-key.ts';
import { createSimulatedProcess, randomClockOriginMs, type SimulatedProcess } from '../world/simulated-process.ts';
import type { ProcessOptions } from './process-options.ts';
import { silentLogger } from './silent-logger.ts';

const STATEMENT_MS = 2000;
const IDLE_MS = 3000;

/** The product's batch handler and expiry, connected to the simulated servers. */
export function startWorker({ world, servers, sale, name }: ProcessOptions): SimulatedProcess {
  const process = createSimulatedProcess(world.time, name, randomClockOriginMs(world.random));
  const { clock } = process;
  const mysql = createDatabasePool(world, process, servers.database, { maxConnections: 8, idleMs: IDLE_MS });
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  const redis = connectRedisClient(world, process, redisAccess(servers));
  const handle = createBatchHandler({
    database,
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
  runMember({ world, process, group: servers.group, access, maxBatch: sale.decideBatch, handle });
  startExpiryJob({ database, redis, logger: silentLogger, clock });
  return process;
}
