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

const names = ladderStrategies.map(({ way }) => way);
const way = Type.Unsafe<LadderStrategy>({ type: 'string', enum: names, examples: ['optimistic'] });
const shows = Type.String({ description: 'What is new in it', examples: ['version check'] });
const stateOf = <T extends string>(values: readonly T[]) => Type.Unsafe<T>({ type: 'string', enum: [...values] });
const number = (description: string) => Type.Integer({ minimum: 0, description });
const later = (description: string) => nullable(Type.Number({ description: `${description}; null until it is done` }));

const buyers = Type.Integer({
  minimum: 1,
  maximum: MAX_BUYERS,
  description: 'Requests at the same moment, for each way',
  examples: [300],
});
const units = Type.Integer({
  minimum: 1,
  maximum: MAX_UNITS,
  description: 'Units of each way’s own stock',
  examples: [100],
});

const waySchema = Type.Object(
  {
    way,
    shows,
    state: stateOf(STRATEGY_STATES),
    answered: number('Requests answered so far'),
    requests: number('Requests sent'),
    confirmed: number('Orders that stand'),
    rows: number('Orders in the table that hold a unit'),
    sold: number('Units sold, by the stock’s own counter'),
    oversold: number('Orders beyond the units there are'),
    unsold: number('Units that nobody got'),
    limited: number('Requests that the limiter turned away'),
    errors: number('Requests without an answer'),
    ordersPerSecond: later('Orders, over the time until the last was decided'),
    p50Ms: later('Time that half of the answers took, in ms'),
    p99Ms: later('Time that 99 of 100 answers took, in ms'),
    why: Type.String({ description: 'Why it came out so, in a sentence; empty until it is done' }),
    samples: Type.Array(
      Type.Object({
        ms: number('Since the first request'),
        rows: number('As above, at that moment'),
        answered: number('As above, at that moment'),
      }),
      { maxItems: MAX_SAMPLES, description: 'Its course' },
    ),
  },
  { additionalProperties: false },
);

const experimentId = Type.String({
  description: 'Its id, a ULID',
  pattern: '^[0-7][0-9A-HJKMNP-TV-Z]{25}$',
  examples: ['01JGZ5Q3C8W4T2M6N7P9R0S1V3'],
});

export const experimentSchema = Type.Object(
  {
    experimentId,
    state: stateOf(EXPERIMENT_STATES),
    buyers,
    units,
    ways: Type.Array(waySchema, { description: 'One after the other, in this order' }),
    startedAt: time('When it was asked for'),
    endedAt: nullable(time('When it was done or failed')),
    error: nullable(Type.String({ description: 'With state failed: why' })),
  },
  { $id: 'Experiment', additionalProperties: false, description: 'Some ways to sell, tried on fresh stocks' },
);

const common = { tags: ['admin'], security: bearerSecurity };
const experiment = (description: string) => Type.Unsafe<object>({ $ref: 'Experiment#', description });

export const startSchema = {
  ...common,
  operationId: 'startExperiment',
  summary: 'Try ways to sell on a crowd',
  description: [
    'Only where LADDER=on. One runs at a time, by a process of its own that `npm start` starts; it is busy for some seconds.',
    'Each way gets a stock of its own and the same crowd, one after the other. The limiter is raised for these stocks.',
  ].join(' '),
  body: Type.Object(
    {
      ways: Type.Array(way, { minItems: 1, maxItems: names.length, uniqueItems: true, description: 'Which ways' }),
      buyers,
      units,
    },
    { additionalProperties: false },
  ),
  response: {
    202: Type.Unsafe<object>({
      $ref: 'Experiment#',
      description: 'It will begin at once',
      headers: { Location: { type: 'string', description: 'Where to see how it gets on' } },
    }),
    ...problemResponses('conflict'),
  },
};

export const listSchema = {
  ...common,
  operationId: 'listExperiments',
  summary: 'The latest experiments',
  description: 'Only where LADDER=on. Kept for a day.',
  response: {
    200: Type.Object(
      {
        experiments: Type.Array(Type.Unsafe<object>({ $ref: 'Experiment#' }), { description: 'Newest first' }),
        runner: Type.Boolean({ description: 'Whether a process is there to run one' }),
        ways: Type.Array(Type.Object({ way, shows }), { description: 'The ways there are' }),
      },
      { description: 'At most ten' },
    ),
  },
};

export const readSchema = {
  ...common,
  operationId: 'getExperiment',
  summary: 'How an experiment gets on',
  description: 'Only where LADDER=on.',
  params: Type.Object({ experimentId }, { additionalProperties: false }),
  response: { 200: experiment('The experiment'), ...problemResponses('experiment_not_found') },
};
