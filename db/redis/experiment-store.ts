import { type Experiment, hasEnded } from '../../proto/messages/experiment.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { REDIS_DEADLINE_MS, type RedisClient } from './connect-redis.ts';

export const MAX_EXPERIMENTS = 10;
const KEPT_MS = 86_400_000;
/** So long after its last word a runner counts as gone. It has a crowd to serve, so not at once. */
const RUNNER_GONE_MS = 5000;
/**
 * So long after its last word an experiment counts as given up. Longer than it takes until a runner that was started again may
 * take up what was wished of the one before.
 */
const CLAIM_MS = 10_000;

export type StartOutcome = 'STARTED' | 'BUSY' | 'NO_RUNNER';

/**
 * Wishes for experiments and what became of them, in Redis: consumers write wishes and read, the one runner takes them up. How they get
 * on is told on a channel. Every call rejects when Redis does not answer.
 */
export function createExperimentStore(clock: Clock, redis: RedisClient) {
  const soon = <T>(work: Promise<T>) => withDeadline(clock, REDIS_DEADLINE_MS, 'Redis', work);
  const running = redis.names.experimentRunning;
  const runner = redis.names.experimentRunner;
  const ids = redis.names.experimentIds;

  /** Whoever is not there to hear it reads it later. */
  const tell = (json: string) => void redis.publish(redis.names.experimentsChannel, json).catch(() => undefined);

  async function readIds(): Promise<string[]> {
    return JSON.parse((await soon(redis.get(ids))) ?? '[]') as string[];
  }

  async function readOne(experimentId: string): Promise<Experiment | null> {
    const text = await soon(redis.get(redis.names.experiment(experimentId)));
    return text === null ? null : (JSON.parse(text) as Experiment);
  }

  /** `now`: the id of the one that runs, read before `experiment` was: a runner writes the end first and lets go then. */
  async function orFailed(experiment: Experiment | null, now: string | null): Promise<Experiment | null> {
    if (!experiment || hasEnded(experiment) || experiment.experimentId === now) return experiment;
    const error =
      experiment.state === 'queued' ? 'No runner took it up in time.' : 'Its runner ended in the middle of it.';
    const failed: Experiment = { ...experiment, state: 'failed', endedAt: new Date().toISOString(), error };
    const json = JSON.stringify(failed);
    const expiration = { type: 'PX', value: KEPT_MS } as const;
    await soon(redis.set(redis.names.experiment(failed.experimentId), json, { expiration }));
    tell(json);
    return failed;
  }

  return {
    async hasRunner(): Promise<boolean> {
      return (await soon(redis.get(runner))) !== null;
    },
    /** What `start` would answer now. */
    async foresee(): Promise<StartOutcome> {
      if ((await soon(redis.get(runner))) === null) return 'NO_RUNNER';
      return (await soon(redis.get(running))) === null ? 'STARTED' : 'BUSY';
    },
    /** Of all that ask at once one is STARTED. */
    async start(experiment: Experiment): Promise<StartOutcome> {
      const { experimentId } = experiment;
      const known = [experimentId, ...(await readIds())];
      const kept = known.slice(0, MAX_EXPERIMENTS);
      const keys = [runner, running, ids, experimentId, known[MAX_EXPERIMENTS] ?? experimentId].map((key, i) =>
        i < 3 ? key : redis.names.experiment(key),
      );
      const json = JSON.stringify(experiment);
      const values = [experimentId, json, String(KEPT_MS), String(CLAIM_MS), JSON.stringify(kept)];
      const outcome = await soon(redis.startExperiment(...keys, ...values));
      if (outcome === 1) tell(json);
      return outcome === 1 ? 'STARTED' : outcome === 0 ? 'BUSY' : 'NO_RUNNER';
    },
    /** One whose runner has gone is failed from then on. */
    async read(experimentId: string): Promise<Experiment | null> {
      const now = await soon(redis.get(running));
      return orFailed(await readOne(experimentId), now);
    },
    /** Newest first. */
    async list(): Promise<Experiment[]> {
      // In this sequence: one that is wished for in between is not among them.
      const known = await readIds();
      const now = await soon(redis.get(running));
      const all = await Promise.all(known.map(async (id) => orFailed(await readOne(id), now)));
      return all.filter((one) => one !== null);
    },

    /** Says that this runner is there. False: another one is. To be called every second or so. */
    async beRunner(name: string): Promise<boolean> {
      const expiration = { type: 'PX', value: RUNNER_GONE_MS } as const;
      if ((await soon(redis.set(runner, name, { condition: 'NX', expiration }))) === 'OK') return true;
      if ((await soon(redis.get(runner))) !== name) return false;
      await soon(redis.pExpire(runner, RUNNER_GONE_MS));
      return true;
    },
    async leave(name: string): Promise<void> {
      if ((await soon(redis.get(runner))) === name) await soon(redis.del(runner));
    },
    /** The one that is wished for, or that another runner has left in the middle. */
    async findRequest(): Promise<Experiment | null> {
      const now = await soon(redis.get(running));
      return now === null ? null : readOne(now);
    },
    /** Keeps and tells how far it has come. False: it was given up meanwhile, and nothing was kept. */
    async keep(experiment: Experiment): Promise<boolean> {
      const { experimentId } = experiment;
      const json = JSON.stringify(experiment);
      const values = [experimentId, json, String(KEPT_MS), String(hasEnded(experiment) ? 0 : CLAIM_MS)];
      const kept = await soon(redis.keepExperiment(running, redis.names.experiment(experimentId), ...values));
      if (kept === 1) tell(json);
      return kept === 1;
    },
  };
}

export type ExperimentStore = ReturnType<typeof createExperimentStore>;
