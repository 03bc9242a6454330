import { type Experiment, hasEnded } from '../../proto/messages/experiment.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import { REDIS_DEADLINE_MS, type RedisClient } from './connect-redis.ts';

const MAX_EXPERIMENTS = 10;
const KEPT_MS = 86_400_000;
/** A runner that sends no sign of life for this time has failed. It is long because a runner under load is slow. */
const RUNNER_GONE_MS = 5000;
/** An experiment without progress for this time has failed. Longer than a restarted runner needs to continue it. */
const CLAIM_MS = 10_000;

export type StartOutcome = 'STARTED' | 'BUSY' | 'NO_RUNNER';

/**
 * Requested experiments and their progress, in Redis: consumers write requests and read, one runner executes them. Progress is
 * published on a channel. Every call rejects when Redis does not answer.
 */
export function createExperimentStore(clock: Clock, redis: RedisClient) {
  const soon = <T>(work: Promise<T>) => withDeadline(clock, REDIS_DEADLINE_MS, 'Redis', work);
  const running = redis.names.experimentRunning;
  const runner = redis.names.experimentRunner;
  const ids = redis.names.experimentIds;

  /** A consumer that misses the message reads the experiment later. */
  const publish = (json: string) => void redis.publish(redis.names.experimentsChannel, json).catch(() => undefined);

  async function readIds(): Promise<string[]> {
    return JSON.parse((await soon(redis.get(ids))) ?? '[]') as string[];
  }

  async function readOne(experimentId: string): Promise<Experiment | null> {
    const text = await soon(redis.get(redis.names.experiment(experimentId)));
    return text === null ? null : (JSON.parse(text) as Experiment);
  }

  /** `now`: the id of the running experiment, read before `experiment`: a runner writes the end before it removes that id. */
  async function orFailed(experiment: Experiment | null, now: string | null): Promise<Experiment | null> {
    if (!experiment || hasEnded(experiment) || experiment.experimentId === now) return experiment;
    const error =
      experiment.state === 'queued'
        ? 'No runner started it in time.'
        : 'The runner ended before the experiment was complete.';
    const failed: Experiment = { ...experiment, state: 'failed', endedAt: new Date().toISOString(), error };
    const json = JSON.stringify(failed);
    const expiration = { type: 'PX', value: KEPT_MS } as const;
    await soon(redis.set(redis.names.experiment(failed.experimentId), json, { expiration }));
    publish(json);
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
    /** Of concurrent calls one gets STARTED. */
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
      if (outcome === 1) publish(json);
      return outcome === 1 ? 'STARTED' : outcome === 0 ? 'BUSY' : 'NO_RUNNER';
    },
    /** Marks an experiment as failed when its runner has gone. */
    async read(experimentId: string): Promise<Experiment | null> {
      const now = await soon(redis.get(running));
      return orFailed(await readOne(experimentId), now);
    },
    /** Newest first. */
    async list(): Promise<Experiment[]> {
      // In this order: an experiment that is requested in between is not in the list.
      const known = await readIds();
      const now = await soon(redis.get(running));
      const all = await Promise.all(known.map(async (id) => orFailed(await readOne(id), now)));
      return all.filter((experiment) => experiment !== null);
    },

    /** Renews this runner's claim; call it about every second. False: another runner has the claim. */
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
    /** The requested experiment, or one that another runner left unfinished. */
    async findRequest(): Promise<Experiment | null> {
      const now = await soon(redis.get(running));
      return now === null ? null : readOne(now);
    },
    /** Stores and publishes the progress. False: the experiment has failed meanwhile, and nothing was stored. */
    async keep(experiment: Experiment): Promise<boolean> {
      const { experimentId } = experiment;
      const json = JSON.stringify(experiment);
      const values = [experimentId, json, String(KEPT_MS), String(hasEnded(experiment) ? 0 : CLAIM_MS)];
      const kept = await soon(redis.keepExperiment(running, redis.names.experiment(experimentId), ...values));
      if (kept === 1) publish(json);
      return kept === 1;
    },
  };
}

export type ExperimentStore = ReturnType<typeof createExperimentStore>;
