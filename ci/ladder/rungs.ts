/** The six ways to sell, in the order in which the classic article comes to them. */
export const rungs = [
  { rung: 'wrong', path: 'createWrongOrder', limited: false, shows: 'read, check, write back' },
  { rung: 'pessimistic', path: 'createPessimisticOrder', limited: false, shows: 'SELECT … FOR UPDATE' },
  { rung: 'optimistic', path: 'createOptimisticOrder', limited: false, shows: 'version check' },
  { rung: 'optimisticLimit', path: 'createOptimisticLimitOrder', limited: true, shows: '+ limiter' },
  {
    rung: 'optimisticLimitRedis',
    path: 'createOptimisticLimitOrderByRedis',
    limited: true,
    shows: '+ stock from Redis',
  },
  {
    rung: 'optimisticLimitRedisKafka',
    path: 'createOptimisticLimitOrderByRedisAndKafka',
    limited: true,
    shows: '+ the log and the worker',
  },
] as const;

export type Rung = (typeof rungs)[number];
/** The way whose answers are promises that the worker keeps later. */
export const LOG_RUNG = 'optimisticLimitRedisKafka';
