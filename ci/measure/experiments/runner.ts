import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { connectProviders } from '../../../consumer/providers/connect-providers.ts';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { connectRedis } from '../../../db/redis/connect-redis.ts';
import { createExperimentStore, type ExperimentStore } from '../../../db/redis/experiment-store.ts';
import { type Experiment, hasEnded } from '../../../proto/messages/experiment.ts';
import { createMetrics } from '../../../proto/metrics/metrics.ts';
import { startMetricsServer } from '../../../proto/metrics/metrics-server.ts';
import { realClock } from '../../../proto/process/clock.ts';
import type { RunningProcess } from '../../../proto/process/run-process.ts';
import { readGrpcClientTls } from '../../../proto/settings/grpc-tls.ts';
import type { StrategyTarget } from '../ladder/run-strategy.ts';
import type { RunnerConfig } from './config.ts';
import { runExperiment } from './run-experiment.ts';

const CALL_DEADLINE_MS = 5000;
const HEARTBEAT_MS = 1000;
const POLL_MS = 200;
/** Minimum time between two published states of an experiment. */
const PUBLISH_EVERY_MS = 200;
const KEEP_ATTEMPTS = 10;

type Runner = {
  store: ExperimentStore;
  target: StrategyTarget;
  config: RunnerConfig;
  logger: Logger;
  /** Aborted when the process ends. */
  signal: AbortSignal;
  warm: Set<string>;
};

/** Runs the experiments that consumers request, one after the other. Only one of several runners is active. */
export async function startRunner(config: RunnerConfig, name: string, logger: Logger): Promise<RunningProcess> {
  const redis = connectRedis(config, logger);
  const mysql = connectMysql({ url: config.MYSQL_URL, maxConnections: 2, acquireDeadlineMs: 10_000 });
  const providers = connectProviders(
    config.PROVIDERS,
    CALL_DEADLINE_MS,
    config.PROVIDER_TOKEN,
    readGrpcClientTls(config),
  );
  const store = createExperimentStore(realClock, redis);
  const life = new AbortController();
  const { signal } = life;
  // Unique for each start of this process.
  const runnerId = `${name} ${process.pid} ${Date.now()}`;
  let isRunner = false;

  async function sendHeartbeats(): Promise<void> {
    while (!signal.aborted) {
      isRunner = await store.beRunner(runnerId).catch(() => false);
      await pause(HEARTBEAT_MS, signal);
    }
  }

  async function handleRequests(): Promise<void> {
    const target = { url: config.SYSTEM_URL, mysql, providers };
    const runner: Runner = { store, target, config, logger, signal, warm: new Set() };
    while (!signal.aborted) {
      const experiment = isRunner ? await store.findRequest().catch(() => null) : null;
      if (experiment) await handle(runner, experiment);
      await pause(POLL_MS, signal);
    }
  }

  const metricsServer = await startMetricsServer({
    port: config.METRICS_PORT,
    host: config.METRICS_HOST,
    metrics: createMetrics('experiments'),
    needed: { runner: () => store.hasRunner() },
    shown: { redis: () => redis.isReady, provider: () => providers.isReady() },
  });
  const work = Promise.all([sendHeartbeats(), handleRequests()]);

  return {
    async close() {
      life.abort(new Error('Its runner was stopped.'));
      await work;
      await store.leave(runnerId).catch(() => undefined);
      await metricsServer.close();
      redis.destroy();
      providers.close();
      await mysql.destroy();
    },
  };
}

/** Runs an experiment to its end and stores the result, also a failure. */
async function handle(runner: Runner, experiment: Experiment): Promise<void> {
  const { store, target, config, logger, warm } = runner;
  const { experimentId } = experiment;
  const givingUp = new AbortController();
  const signal = AbortSignal.any([runner.signal, givingUp.signal]);
  const timeout = setTimeout(
    () => givingUp.abort(new Error(`It was not done after ${config.EXPERIMENT_MAX} s.`)),
    config.EXPERIMENT_MAX * 1000,
  );
  const publisher = startPublisher(store, experiment, givingUp);
  try {
    // There is one active runner, so the runner of this experiment has ended.
    if (experiment.state !== 'queued') throw new Error('The runner ended before the experiment was complete.');
    experiment.state = 'running';
    publisher.changed();
    logger.info({ experimentId, buyers: experiment.buyers, units: experiment.units }, 'experiment started');
    await runExperiment(target, experiment, { warm, signal, onChange: publisher.changed });
    experiment.state = 'done';
    logger.info({ experimentId }, 'experiment done');
  } catch (error) {
    experiment.state = 'failed';
    experiment.error = (error as Error).message;
    logger.warn({ experimentId, err: error }, 'experiment failed');
  } finally {
    clearTimeout(timeout);
  }
  experiment.endedAt = new Date().toISOString();
  await publisher.stop();
  await keepEnd(store, experiment);
}

/** Stores the experiment after changes, and as a heartbeat without changes. Gives it up when the store has given it up. */
function startPublisher(store: ExperimentStore, experiment: Experiment, givingUp: AbortController) {
  const end = new AbortController();
  let hasChanged = true;
  let keptAtMs = 0;

  async function publish(): Promise<void> {
    while (!end.signal.aborted) {
      if (!hasEnded(experiment) && (hasChanged || performance.now() - keptAtMs > HEARTBEAT_MS)) {
        hasChanged = false;
        keptAtMs = performance.now();
        const isKept = await store.keep(experiment).catch(() => true);
        if (!isKept) givingUp.abort(new Error('It was given up: its runner sent no heartbeat.'));
      }
      await pause(PUBLISH_EVERY_MS, end.signal);
    }
  }

  const publishing = publish();
  return {
    changed() {
      hasChanged = true;
    },
    async stop() {
      end.abort();
      await publishing;
    },
  };
}

async function keepEnd(store: ExperimentStore, experiment: Experiment): Promise<void> {
  for (let attempt = 1; attempt <= KEEP_ATTEMPTS; attempt += 1) {
    try {
      await store.keep(experiment);
      return;
    } catch {
      await sleep(PUBLISH_EVERY_MS);
    }
  }
}

/** Ends early, and does not reject, with the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
