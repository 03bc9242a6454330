import { type LadderStrategy, ladderStrategies } from '../../../proto/messages/experiment.ts';

/** The way whose answers are promises that the worker keeps later. */
export const LOG_RUNG = 'optimisticLimitRedisKafka';

const calls: Record<LadderStrategy, { path: string; limited: boolean }> = {
  wrong: { path: 'createWrongOrder', limited: false },
  pessimistic: { path: 'createPessimisticOrder', limited: false },
  optimistic: { path: 'createOptimisticOrder', limited: false },
  optimisticLimit: { path: 'createOptimisticLimitOrder', limited: true },
  optimisticLimitRedis: { path: 'createOptimisticLimitOrderByRedis', limited: true },
  optimisticLimitRedisKafka: { path: 'createOptimisticLimitOrderByRedisAndKafka', limited: true },
};

/** The six ways with the calls that they are. */
export const strategies = ladderStrategies.map(({ way, shows }) => ({ rung: way, shows, ...calls[way] }));

export type Strategy = (typeof strategies)[number];
