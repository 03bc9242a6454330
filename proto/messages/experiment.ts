/** The six strategies in the order of the ladder, and what each adds. */
export const ladderStrategies = [
  { way: 'wrong', shows: 'read, check, write back' },
  { way: 'pessimistic', shows: 'SELECT … FOR UPDATE' },
  { way: 'optimistic', shows: 'version check' },
  { way: 'optimisticLimit', shows: '+ limiter' },
  { way: 'optimisticLimitRedis', shows: '+ stock from Redis' },
  { way: 'optimisticLimitRedisKafka', shows: '+ the log and the worker' },
] as const;

export type LadderStrategy = (typeof ladderStrategies)[number]['way'];

export const EXPERIMENT_STATES = ['queued', 'running', 'done', 'failed'] as const;
export const STRATEGY_STATES = ['waiting', 'running', 'done'] as const;
export const MAX_BUYERS = 20_000;
export const MAX_UNITS = 1_000_000;
/** Maximum samples of one strategy. */
export const MAX_SAMPLES = 60;

export type ExperimentRequest = { ways: LadderStrategy[]; buyers: number; units: number };

/** The progress of one strategy of an experiment. */
export type ExperimentStrategy = {
  way: LadderStrategy;
  shows: string;
  state: (typeof STRATEGY_STATES)[number];
  answered: number;
  requests: number;
  /** Orders with a success response. */
  confirmed: number;
  /** Confirmed orders in the database; more than `confirmed` only while orders of the log are pending. */
  rows: number;
  /** Units sold by the counter of the stock. */
  sold: number;
  oversold: number;
  unsold: number;
  limited: number;
  errors: number;
  /** Null until the strategy is done, as are the percentiles. */
  ordersPerSecond: number | null;
  p50Ms: number | null;
  p99Ms: number | null;
  /** Why it oversold, left units, or was correct, in one sentence. Empty until the strategy is done. */
  why: string;
  samples: { ms: number; rows: number; answered: number }[];
};

/** An experiment as stored in Redis, published on its channel and returned by the API. */
export type Experiment = {
  experimentId: string;
  state: (typeof EXPERIMENT_STATES)[number];
  buyers: number;
  units: number;
  ways: ExperimentStrategy[];
  /** ISO 8601, as `endedAt`. */
  startedAt: string;
  endedAt: string | null;
  error: string | null;
};

export function hasEnded({ state }: Experiment): boolean {
  return state === 'done' || state === 'failed';
}

export function createExperiment(experimentId: string, { ways, buyers, units }: ExperimentRequest): Experiment {
  const startedAt = new Date().toISOString();
  return {
    experimentId,
    state: 'queued',
    buyers,
    units,
    // In the order of the ladder.
    ways: ladderStrategies
      .filter(({ way }) => ways.includes(way))
      .map(({ way, shows }) => createStrategy(way, shows, units)),
    startedAt,
    endedAt: null,
    error: null,
  };
}

function createStrategy(way: LadderStrategy, shows: string, units: number): ExperimentStrategy {
  return {
    way,
    shows,
    state: 'waiting',
    answered: 0,
    requests: 0,
    confirmed: 0,
    rows: 0,
    sold: 0,
    oversold: 0,
    unsold: units,
    limited: 0,
    errors: 0,
    ordersPerSecond: null,
    p50Ms: null,
    p99Ms: null,
    why: '',
    samples: [],
  };
}
