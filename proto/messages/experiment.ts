/** The six ways to sell, in the order in which the classic article comes to them, and what each shows. */
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
export const WAY_STATES = ['waiting', 'running', 'done'] as const;
export const MAX_BUYERS = 20_000;
export const MAX_UNITS = 1_000_000;
/** Of one way. */
export const MAX_SAMPLES = 60;

/** What is wished for. */
export type ExperimentRequest = { ways: LadderStrategy[]; buyers: number; units: number };

/** One way to sell within an experiment, so far. */
export type ExperimentStrategy = {
  way: LadderStrategy;
  shows: string;
  state: (typeof WAY_STATES)[number];
  /** Requests answered. */
  answered: number;
  requests: number;
  /** Orders that stand. */
  confirmed: number;
  /** The same as the table has them; more than `confirmed` only while the log's orders are being decided. */
  rows: number;
  /** What the stock's own counter says. */
  sold: number;
  oversold: number;
  unsold: number;
  limited: number;
  errors: number;
  /** These three are null until the way is done. */
  ordersPerSecond: number | null;
  p50Ms: number | null;
  p99Ms: number | null;
  /** Why it oversold, left units or held, in a sentence; empty until the way is done. */
  why: string;
  samples: { ms: number; rows: number; answered: number }[];
};

/** An experiment as it is kept in Redis, told on its channel and shown by the API. */
export type Experiment = {
  experimentId: string;
  state: (typeof EXPERIMENT_STATES)[number];
  buyers: number;
  units: number;
  ways: ExperimentStrategy[];
  /** ISO 8601, as all times here. */
  startedAt: string;
  endedAt: string | null;
  error: string | null;
};

export function hasEnded({ state }: Experiment): boolean {
  return state === 'done' || state === 'failed';
}

/** Before anything was done for it. */
export function createExperiment(experimentId: string, { ways, buyers, units }: ExperimentRequest): Experiment {
  const startedAt = new Date().toISOString();
  return {
    experimentId,
    state: 'queued',
    buyers,
    units,
    // In the ladder's order, whatever order they were wished in.
    ways: ladderStrategies.filter(({ way }) => ways.includes(way)).map(({ way, shows }) => newWay(way, shows, units)),
    startedAt,
    endedAt: null,
    error: null,
  };
}

function newWay(way: LadderStrategy, shows: string, units: number): ExperimentStrategy {
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
