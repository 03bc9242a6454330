import t from 'tap';
import { explainStrategy } from './ladder-breaches.ts';
import type { StrategyResult } from './run-strategy.ts';

const sold: StrategyResult = {
  name: 'pessimistic',
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
    'wrong oversold',
    { name: 'wrong', orders: 300, sale: 25, oversold: 200, refused: 0 },
    'Read, checked and wrote back: 275 requests sold a unit that another had read too, so 300 orders share 100 units.',
  ],
  [
    'wrong raced without overselling',
    { name: 'wrong', orders: 90, sale: 80, requests: 90, refused: 0, unsold: 10 },
    'Read, checked and wrote back: 10 requests sold a unit that another had read too, but too few to oversell.',
  ],
  ['wrong did not race', { name: 'wrong' }, 'Read, checked and wrote back: by luck, no two requests overlapped.'],
  ['pessimistic sold all units', {}, 'Requests held the row lock one after the other, and every unit was sold once.'],
  [
    'pessimistic was too slow for some requests',
    { orders: 60, sale: 60, unsold: 40, errors: 240, refused: 0 },
    'Each request waited for the row lock: 40 of 100 units were left; 240 requests failed.',
  ],
  [
    'optimistic left units',
    { name: 'optimistic', orders: 8, sale: 8, unsold: 92, refused: 292 },
    '292 lost the version race and were refused: 92 of 100 units were left.',
  ],
  [
    'optimistic with the limiter left units',
    { name: 'optimisticLimit', orders: 7, sale: 7, unsold: 93, refused: 243, limited: 50 },
    'The limiter rejected 50, 243 lost the version race and were refused: 93 of 100 units were left.',
  ],
  ['optimistic sold all units', { name: 'optimistic' }, 'Every unit was sold once.'],
  [
    'the log sold all units',
    { name: 'optimisticLimitRedisKafka', limited: 47 },
    'The limiter rejected 47, the log put the orders in sequence, and every unit was sold once.',
  ],
  [
    'the log had too few buyers',
    { name: 'optimisticLimitRedisKafka', requests: 40, orders: 40, sale: 40, unsold: 60, refused: 0 },
    'The log sold each unit once: 60 of 100 units were left, because only 40 requests arrived.',
  ],
  [
    'no request lost a race',
    { name: 'optimistic', requests: 1, orders: 1, sale: 1, unsold: 99, refused: 0 },
    'No request lost a race: 99 of 100 units were left, because only 1 requests arrived.',
  ],
  [
    'a guarantee was violated',
    { name: 'optimistic', orders: 101, oversold: 1 },
    'It oversold by 1 units, which violates its guarantee.',
  ],
] as [string, Partial<StrategyResult>, string][]) {
  t.test(what, async (t) => t.equal(explainStrategy({ ...sold, ...result }), sentence));
}
