import { Type } from 'typebox';
import {
  EXPERIMENT_STATES,
  type LadderStrategy,
  ladderStrategies,
  MAX_BUYERS,
  MAX_SAMPLES,
  MAX_UNITS,
  STRATEGY_STATES,
} from '../../../proto/messages/experiment.ts';
import { bearerSecurity, nullable, problemResponses, time } from '../../api/api-schemas.ts';

const strategies = ladderStrategies.map(({ way }) => way);
const strategy = Type.Unsafe<LadderStrategy>({ type: 'string', enum: strategies, examples: ['optimistic'] });
const shows = Type.String({ description: 'What the strategy adds', examples: ['version check'] });
const stateOf = <T extends string>(values: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: [...values] });
const number = (description: string) => Type.Integer({ minimum: 0, description });
const later = (description: string) => nullable(Type.Number({ description: `${description}; null until done` }));

const buyers = Type.Integer({
  minimum: 1,
  maximum: MAX_BUYERS,
  description: 'Concurrent requests, for each strategy',
  examples: [300],
});
const units = Type.Integer({
  minimum: 1,
  maximum: MAX_UNITS,
  description: 'Units of the stock of each strategy',
  examples: [100],
});

const strategySchema = Type.Object(
  {
    way: strategy,
    shows,
    state: stateOf(STRATEGY_STATES),
    answered: number('Requests answered so far'),
    requests: number('Requests sent'),
    confirmed: number('Confirmed orders'),
    rows: number('Orders in the table that hold a unit'),
    sold: number('Units sold, by the counter of the stock'),
    oversold: number('Orders beyond the number of units'),
    unsold: number('Units that were not sold'),
    limited: number('Requests that the limiter refused'),
    errors: number('Requests without an answer'),
    ordersPerSecond: later('Orders per second until the last decision'),
    p50Ms: later('Median response time, in ms'),
    p99Ms: later('99th percentile of the response time, in ms'),
    why: Type.String({ description: 'Explanation of the result in one sentence; empty until done' }),
    samples: Type.Array(
      Type.Object({
        ms: number('Milliseconds since the first request'),
        rows: number('As above, at that time'),
        answered: number('As above, at that time'),
      }),
      { maxItems: MAX_SAMPLES, description: 'The course of the run' },
    ),
  },
  {},
);

const experimentId = Type.String({
  description: 'A ULID',
  pattern: '^[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  examples: ['01JGZ5Q3C8W4T2M6N7P9R0S1V3'],
});

export const experimentSchema = Type.Object(
  {
    experimentId,
    state: stateOf(EXPERIMENT_STATES),
    buyers,
    units,
    ways: Type.Array(strategySchema, { description: 'Run one after the other, in this order' }),
    startedAt: time('Time of the request'),
    endedAt: nullable(time('Time when it was done or failed')),
    error: nullable(Type.String({ description: 'With state `failed`: the reason' })),
  },
  { $id: 'Experiment', description: 'A comparison of strategies, each on a new stock' },
);

const common = { tags: ['admin'], security: bearerSecurity };
const experiment = (description: string) => Type.Unsafe<object>({ $ref: 'Experiment#', description });

export const startSchema = {
  ...common,
  operationId: 'startExperiment',
  summary: 'Start an experiment',
  description: [
    'Only with LADDER=on. Compares strategies: each gets a stock of its own and the same load, one after the other. The limit of the ladder’s',
    'limiter is raised for these stocks. One experiment runs at a time, in a process that `npm start` starts.',
  ].join(' '),
  body: Type.Object(
    {
      ways: Type.Array(strategy, {
        minItems: 1,
        maxItems: strategies.length,
        uniqueItems: true,
        description: 'The strategies',
      }),
      buyers,
      units,
    },
    { additionalProperties: false },
  ),
  response: {
    202: Type.Unsafe<object>({
      $ref: 'Experiment#',
      description: 'Accepted; it starts at once',
      headers: { Location: { type: 'string', description: 'URL of the experiment' } },
    }),
    ...problemResponses('conflict'),
  },
};

export const listSchema = {
  ...common,
  operationId: 'listExperiments',
  summary: 'List the latest experiments',
  description: 'Only with LADDER=on. Experiments are kept for a day.',
  response: {
    200: Type.Object(
      {
        experiments: Type.Array(Type.Unsafe<object>({ $ref: 'Experiment#' }), { description: 'Newest first' }),
        runner: Type.Boolean({ description: 'Whether a process runs experiments' }),
        ways: Type.Array(Type.Object({ way: strategy, shows }), { description: 'All strategies' }),
      },
      { description: 'At most ten experiments' },
    ),
  },
};

export const readSchema = {
  ...common,
  operationId: 'getExperiment',
  summary: 'Get an experiment',
  description: 'Only with LADDER=on.',
  params: Type.Object({ experimentId }, { additionalProperties: false }),
  response: { 200: experiment('The experiment'), ...problemResponses('experiment_not_found') },
};
