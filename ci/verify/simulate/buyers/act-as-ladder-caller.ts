import type { ActorOptions } from './actor-options.ts';

const MAX_CALLS = 12;
/** Strategies that need no counters in Redis. */
const LADDER_STRATEGIES = ['CreateOptimisticOrder', 'CreatePessimisticOrder', 'CreateOptimisticOrderUseRedisAndKafka'];
const ALL_STRATEGIES = [...LADDER_STRATEGIES, 'CreateWrongOrder', 'CreateOptimisticOrderUseRedis'];

/** Calls the ladder, which needs no token, for its own stock and for those of the sale. */
export function actAsLadderCaller({ world, sale, checks, processes }: ActorOptions): void {
  const { time, random, trace } = world;
  for (let calls = random.whole(2, MAX_CALLS); calls > 0; calls -= 1) {
    const { sid, kind } = random.pick(sale.stocks);
    const strategy = random.pick(kind === 'ladder' ? LADDER_STRATEGIES : ALL_STRATEGIES);
    time.after(random.between(0, sale.stormMs), () => {
      const { process, handlers } = random.pick(processes.providers());
      process.deliver(() => {
        handlers[strategy]?.({ sid }).then(
          (reply) => {
            const { outcome } = reply as { outcome: string };
            trace.add(() => `ladder: ${strategy} of ${sid} is ${outcome}`);
            if (kind === 'sale' && (outcome === 'CREATED' || outcome === 'QUEUED')) {
              checks.fail('kinds are never mixed', `${strategy} took a unit of stock ${sid}`);
            }
          },
          () => undefined,
        );
      });
    });
  }
}
