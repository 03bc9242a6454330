import path from 'node:path';
import { removeMembers } from '../../../proto/kafka/remove-members.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { root } from '../set-up/set-up.mjs';
import { followLog } from '../supervisor/follow-log.ts';
import type { Supervisor } from '../supervisor/start-supervisor.ts';
import { watchFrozen } from '../supervisor/watch-frozen.ts';
import type { AppProcess } from './plan-system.ts';

const readyLimitMs = 30_000;
const askLimitMs = 2000;

/** Starts one of the processes; resolves when its /readyz says so. */
export async function startProcess(supervisor: Supervisor, one: AppProcess, env: NodeJS.ProcessEnv): Promise<void> {
  const logFile = supervisor.logFile(one.name);
  const origin = `http://127.0.0.1:${one.metricsPort}`;
  const started = supervisor.start({
    name: one.name,
    kind: one.kind,
    command: process.execPath,
    args: [path.join(root, mainOf(one))],
    cwd: root,
    // A third of the time to start is compiling what was compiled before.
    env: { ...process.env, NODE_COMPILE_CACHE: path.join(supervisor.dir, 'compile-cache'), ...env },
    logFile,
    stopLimitMs: 10_000,
    waitUntilReady: (signal) =>
      waitUntil(`${one.name} to be ready`, () => ask(`${origin}/readyz`), { limitMs: readyLimitMs, signal }),
    watch: (watch) => watchFrozen(`${origin}/livez`, watch),
    ...(one.kind === 'order-worker' && { onDeath: () => freePartitions(supervisor, one.name, env) }),
  });
  supervisor.onStop(followLog(one.name, logFile, supervisor.print));
  await started;
}

/** A dead worker's partitions go to the others now, and not when Kafka's session is over. */
async function freePartitions(supervisor: Supervisor, name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const { KAFKA_BROKERS = '', TOPIC_PREFIX = '' } = env;
  const target = {
    brokers: KAFKA_BROKERS.split(','),
    clientId: 'supervisor',
    logger: createLogger('supervisor', 'silent'),
  };
  try {
    const removed = await removeMembers(
      target,
      topicNames(TOPIC_PREFIX).workerGroup,
      ({ clientId }) => clientId === name,
    );
    if (removed.length > 0) supervisor.print(`· ${name}: its partitions go to the other workers`);
  } catch (error) {
    // Its successor tries again.
    supervisor.print(`! ${name}: its partitions are not free yet: ${(error as Error).message}`);
  }
}

function mainOf({ kind }: AppProcess): string {
  return kind === 'experiments' ? 'ci/ops/experiments/run-experiments.ts' : `${kind}/main.ts`;
}

async function ask(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(askLimitMs) });
  const body = await response.text();
  if (!response.ok) throw new Error(body);
}
