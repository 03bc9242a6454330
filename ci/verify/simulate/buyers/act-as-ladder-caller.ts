import type { InvariantChecks } from '../invariants/invariant-checks.ts';
import type { Sale } from '../plans/plan-sale.ts';
import type { SimulatedProvider } from '../processes/start-provider.ts';
import type { World } from '../world/world.ts';

const MAX_CALLS = 12;
/** Those that need no counters in Redis. */
const RIGHT_WAYS = ['CreateOptimisticOrder', 'CreatePessimisticOrder', 'CreateOptimisticOrderUseRedisAndKafka'];
const WAYS = [...RIGHT_WAYS, 'CreateWrongOrder', 'CreateOptimisticOrderUseRedis'];

export type LadderWorld = { world: World; sale: Sale; checks: InvariantChecks; providers(): SimulatedProvider[] };

/** Calls the ladder, which asks for no token, on its own stock and on those of the sale. */
export function callLadder({ world, sale, checks, providers }: LadderWorld): void {
  const { time, random, trace } = world;
  for (let calls = random.whole(2, MAX_CALLS); calls > 0; calls -= 1) {
    const { sid, kind } = random.pick(sale.stocks);
    const way = random.pick(kind === 'ladder' ? RIGHT_WAYS : WAYS);
    time.after(random.between(0, sale.stormMs), () => {
      const { process, handlers } = random.pick(providers());
      process.deliver(() => {
        handlers[way]?.({ sid }).then(
          (reply) => {
            const { outcome } = reply as { outcome: string };
            trace.add(() => `ladder: ${way} of ${sid} is ${outcome}`);
            if (kind === 'sale' && (outcome === 'CREATED' || outcome === 'QUEUED')) {
              checks.fail('kinds are never mixed', `${way} took a unit of stock ${sid}`);
            }
          },
          () => undefined,
        );
      });
    });
  }
}
