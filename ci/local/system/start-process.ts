import { createKafkaTarget } from '../../../proto/kafka/kafka.ts';
import { removeMembers } from '../../../proto/kafka/remove-members.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { findKafkaAddress, readConfig } from '../config.ts';
import { followLog } from '../supervisor/follow-log.ts';
import { startNodeProcess } from '../supervisor/start-node-process.ts';
import type { Supervisor } from '../supervisor/start-supervisor.ts';
import { watchFrozen } from '../supervisor/watch-frozen.ts';
import type { AppProcess } from './plan-system.ts';

const READY_LIMIT_MS = 30_000;
const ASK_LIMIT_MS = 2000;

/** Starts a process of the system; resolves when its /readyz answers 200. */
export async function startProcess(supervisor: Supervisor, app: AppProcess, env: NodeJS.ProcessEnv): Promise<void> {
  const { name, kind, metricsPort } = app;
  const origin = `http://127.0.0.1:${metricsPort}`;
  const started = startNodeProcess(supervisor, {
    name,
    kind,
    script: kind === 'experiments' ? 'ci/measure/experiments/run-experiments.ts' : `${kind}/main.ts`,
    env,
    stopLimitMs: 10_000,
    waitUntilReady: (signal) =>
      waitUntil(`${name} to be ready`, () => checkReady(origin), { limitMs: READY_LIMIT_MS, signal }),
    watch: (watch) => watchFrozen(`${origin}/livez`, watch),
    ...(kind === 'order-worker' && { onDeath: () => freePartitions(supervisor, name, env) }),
  });
  supervisor.onStop(followLog(name, supervisor.logFile(name), supervisor.print));
  await started;
}

/** Assigns the partitions of a dead worker to the others now, and not after the session time of Kafka. */
async function freePartitions(supervisor: Supervisor, name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { KAFKA_BROKERS = '', TOPIC_PREFIX = '' } = env;
  const logger = createLogger('supervisor', 'silent');
  try {
    const target = createKafkaTarget(findKafkaAddress(readConfig(env), KAFKA_BROKERS), 'supervisor', logger);
    const { workerGroup } = topicNames(TOPIC_PREFIX);
    const removed = await removeMembers(target, workerGroup, ({ clientId }) => clientId === name);
    if (removed.length > 0) supervisor.print(`· ${name}: its partitions go to the other workers`);
  } catch (error) {
    // The restarted worker tries again.
    supervisor.print(`! ${name}: its partitions are not free yet: ${(error as Error).message}`);
  }
}

async function checkReady(origin: string): Promise<void> {
  const response = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(ASK_LIMIT_MS) });
  const body = await response.text();
  if (!response.ok) throw new Error(body);
}
