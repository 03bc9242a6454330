import t from 'tap';
import { explainStrategy } from './judge-ladder.ts';
import type { StrategyResult } from './run-strategy.ts';

const sold: StrategyResult = {
  rung: 'pessimistic',
  requests: 300,
  accepted: 100,
  confirmed: 100,
  refused: 200,
  limited: 0,
  errors: 0,
  orders: 100,
  sale: 100,
  count: 100,
  oversold: 0,
  unsold: 0,
  ordersPerSecond: 1,
  p50Ms: 1,
  p99Ms: 1,
  mysqlQueries: 1,
  mysqlConnectionsPeak: 1,
  servedBy: { consumer: {}, provider: {} },
};

for (const [what, result, sentence] of [
  [
    'the wrong way oversold',
    { rung: 'wrong', orders: 300, sale: 25, oversold: 200, refused: 0 },
    'Read, checked and wrote back: 275 requests sold a unit that another had read too, so 300 orders share 100 units.',
  ],
  [
    'the wrong way met its race without overselling',
    { rung: 'wrong', orders: 90, sale: 80, requests: 90, refused: 0, unsold: 10 },
    'Read, checked and wrote back: 10 requests sold a unit that another had read too, but too few came to oversell.',
  ],
  [
    'the wrong way was lucky',
    { rung: 'wrong' },
    'Read, checked and wrote back: no two requests met this time, which is luck.',
  ],
  ['pessimistic held', {}, 'One request after the other held the row’s lock, and every unit sold once.'],
  [
    'pessimistic was too slow for some',
    { orders: 60, sale: 60, unsold: 40, errors: 240, refused: 0 },
    'Each request waited for the row’s lock: 40 of 100 units were left; 240 got no answer.',
  ],
  [
    'optimistic left units',
    { rung: 'optimistic', orders: 8, sale: 8, unsold: 92, refused: 292 },
    '292 lost the version race and were refused: 92 of 100 units were left.',
  ],
  [
    'with the limiter too',
    { rung: 'optimisticLimit', orders: 7, sale: 7, unsold: 93, refused: 243, limited: 50 },
    'The limiter turned 50 away, 243 lost the version race and were refused: 93 of 100 units were left.',
  ],
  ['optimistic sold all', { rung: 'optimistic' }, 'Every unit sold once.'],
  [
    'the log sold all',
    { rung: 'optimisticLimitRedisKafka', limited: 47 },
    'The limiter turned 47 away, the log gave each order its place in line, and every unit sold once.',
  ],
  [
    'the log had too few buyers',
    { rung: 'optimisticLimitRedisKafka', requests: 40, orders: 40, sale: 40, unsold: 60, refused: 0 },
    'The log sold each unit once: 60 of 100 units were left, for only 40 asked.',
  ],
  [
    'nobody lost',
    { rung: 'optimistic', requests: 1, orders: 1, sale: 1, unsold: 99, refused: 0 },
    'Nobody lost a race: 99 of 100 units were left, for only 1 asked.',
  ],
  [
    'a promise was broken',
    { rung: 'optimistic', orders: 101, oversold: 1 },
    'It sold 1 too many, which breaks its promise.',
  ],
] as [string, Partial<StrategyResult>, string][]) {
  t.test(what, async (t) => t.equal(explainStrategy({ ...sold, ...result }), sentence));
}
