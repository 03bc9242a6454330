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
import type { StrategyTarget } from '../../measure/ladder/run-strategy.ts';
import type { RunnerConfig } from './config.ts';
import { runExperiment } from './run-experiment.ts';

const CALL_DEADLINE_MS = 5000;
const SAY_EVERY_MS = 1000;
const LOOK_EVERY_MS = 200;
/** How often at most others hear how an experiment gets on. */
const TELL_EVERY_MS = 200;
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

/** Takes up the experiments that consumers wish for, one after the other. Of several runners one works, and the others stand by. */
export async function startRunner(config: RunnerConfig, name: string, logger: Logger): Promise<RunningProcess> {
  const redis = connectRedis(config, logger);
  const mysql = connectMysql({ url: config.MYSQL_URL, maxConnections: 2, acquireDeadlineMs: 10_000 });
  const providers = connectProviders(config.PROVIDERS, CALL_DEADLINE_MS, config.PROVIDER_TOKEN);
  const store = createExperimentStore(realClock, redis);
  const life = new AbortController();
  const { signal } = life;
  // Another start of this process is another runner.
  const me = `${name} ${process.pid} ${Date.now()}`;
  let isRunner = false;

  async function sayItIsThere(): Promise<void> {
    while (!signal.aborted) {
      isRunner = await store.beRunner(me).catch(() => false);
      await pause(SAY_EVERY_MS, signal);
    }
  }

  async function takeUpRequests(): Promise<void> {
    const target = { url: config.SYSTEM_URL, mysql, providers };
    const runner: Runner = { store, target, config, logger, signal, warm: new Set() };
    while (!signal.aborted) {
      const wish = isRunner ? await store.findRequest().catch(() => null) : null;
      if (wish) await takeUp(runner, wish);
      await pause(LOOK_EVERY_MS, signal);
    }
  }

  const metricsServer = await startMetricsServer({
    port: config.METRICS_PORT,
    host: config.METRICS_HOST,
    metrics: createMetrics('experiments'),
    needed: { runner: () => store.hasRunner() },
    shown: { redis: () => redis.isReady, provider: () => providers.isReady() },
  });
  const work = Promise.all([sayItIsThere(), takeUpRequests()]);

  return {
    async close() {
      life.abort(new Error('Its runner was stopped.'));
      await work;
      await store.leave(me).catch(() => undefined);
      await metricsServer.close();
      redis.destroy();
      providers.close();
      await mysql.destroy();
    },
  };
}

/** Runs it to its end, whatever that is, and keeps that. */
async function takeUp(runner: Runner, experiment: Experiment): Promise<void> {
  const { store, target, config, logger, warm } = runner;
  const { experimentId } = experiment;
  const given = new AbortController();
  const signal = AbortSignal.any([runner.signal, given.signal]);
  const tooLate = setTimeout(
    () => given.abort(new Error(`It was not done after ${config.EXPERIMENT_MAX} s.`)),
    config.EXPERIMENT_MAX * 1000,
  );
  const telling = notifyOn(store, experiment, given);
  try {
    // Nobody else runs them: who took this one up is gone.
    if (experiment.state !== 'queued') throw new Error('Its runner ended in the middle of it.');
    experiment.state = 'running';
    telling.changed();
    logger.info({ experimentId, buyers: experiment.buyers, units: experiment.units }, 'experiment begins');
    await runExperiment(target, experiment, { warm, signal, onChange: telling.changed });
    experiment.state = 'done';
    logger.info({ experimentId }, 'experiment is done');
  } catch (error) {
    experiment.state = 'failed';
    experiment.error = (error as Error).message;
    logger.warn({ experimentId, err: error }, 'experiment failed');
  } finally {
    clearTimeout(tooLate);
  }
  experiment.endedAt = new Date().toISOString();
  await telling.stop();
  await keepEnd(store, experiment);
}

/** Keeps the experiment now and then, also when nothing changes, so that it counts as alive; gives it up when it no longer does. */
function notifyOn(store: ExperimentStore, experiment: Experiment, given: AbortController) {
  const end = new AbortController();
  let hasChanged = true;
  let keptAtMs = 0;

  async function tell(): Promise<void> {
    while (!end.signal.aborted) {
      if (!hasEnded(experiment) && (hasChanged || performance.now() - keptAtMs > SAY_EVERY_MS)) {
        hasChanged = false;
        keptAtMs = performance.now();
        const isOurs = await store.keep(experiment).catch(() => true);
        if (!isOurs) given.abort(new Error('It was given up: its runner had not been heard of for too long.'));
      }
      await pause(TELL_EVERY_MS, end.signal);
    }
  }

  const telling = tell();
  return {
    changed() {
      hasChanged = true;
    },
    async stop() {
      end.abort();
      await telling;
    },
  };
}

async function keepEnd(store: ExperimentStore, experiment: Experiment): Promise<void> {
  for (let attempt = 1; attempt <= KEEP_ATTEMPTS; attempt += 1) {
    try {
      await store.keep(experiment);
      return;
    } catch {
      await sleep(TELL_EVERY_MS);
    }
  }
}

/** Ends early, and does not reject, with the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
