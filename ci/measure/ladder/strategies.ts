import { type LadderStrategy, ladderStrategies } from '../../../proto/messages/experiment.ts';

/** The strategy that answers with a number before the order-worker decides the order. */
export const LOG_STRATEGY = 'optimisticLimitRedisKafka';

const routes: Record<LadderStrategy, { path: string; limited: boolean }> = {
  wrong: { path: 'createWrongOrder', limited: false },
  pessimistic: { path: 'createPessimisticOrder', limited: false },
  optimistic: { path: 'createOptimisticOrder', limited: false },
  optimisticLimit: { path: 'createOptimisticLimitOrder', limited: true },
  optimisticLimitRedis: { path: 'createOptimisticLimitOrderByRedis', limited: true },
  optimisticLimitRedisKafka: { path: 'createOptimisticLimitOrderByRedisAndKafka', limited: true },
};

/** The six strategies with their routes. */
export const strategies = ladderStrategies.map(({ way: name, shows }) => ({ name, shows, ...routes[name] }));

export type Strategy = (typeof strategies)[number];
