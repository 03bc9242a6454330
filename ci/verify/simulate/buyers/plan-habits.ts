import type { Sale } from '../plans/plan-sale.ts';
import type { World } from '../world/world.ts';

/**
 * How a client tells the requests of one intent to buy. `counts`: one key, and attempt 1, 2 …; `generic`: one key, and each request as
 * the first; `bot`: a repeat from its first request on, in haste; `keyless`: no key, so each request is an order of its own.
 */
export type Client = 'counts' | 'generic' | 'bot' | 'keyless';

export type BuyerHabits = {
  name: string;
  sid: number;
  client: Client;
  /** Highest price that he accepts; null: any. */
  maxPriceCents: number | null;
  /** Attempts, each with a key of its own, after a refusal. */
  attempts: number;
  afterwards: 'pays' | 'cancels' | 'forgets';
  /** How long after he was told. */
  afterMs: number;
  /** How long paying takes. */
  payingMs: number;
  /**
   * What he does after a 202: asks; or has a stream of the consumer that told him, for as long as that lives, which asks for him; or asks
   * nothing and trusts that consumer.
   */
  waits: 'asking' | 'on a stream' | 'in trust';
  /** Buys twice at the same moment. */
  clicksTwice: boolean;
};

export function planHabits({ random }: World, sale: Sale, name: string): BuyerHabits {
  const { sid, kind } = random.pick(sale.stocks);
  // Of a number that is never decided only who asks is told.
  const patient = kind === 'sale' ? 'in trust' : 'on a stream';
  const client = random.pick(['counts', 'counts', 'counts', 'generic', 'bot', 'keyless'] as const);
  return {
    name,
    sid,
    client,
    maxPriceCents: random.chance(0.3) ? random.pick([499, 1500, 1999, 3000]) : null,
    attempts: random.whole(1, 4),
    afterwards: random.pick(['pays', 'pays', 'cancels', 'forgets']),
    afterMs: random.between(0, 600),
    // Often until the moment at which the order expires.
    payingMs: random.chance(0.5)
      ? Math.min(sale.payWithinMs, 2500) + random.between(-600, 900)
      : random.between(0, 600),
    waits: random.chance(0.7) ? 'asking' : random.pick(['on a stream', patient]),
    clicksTwice: random.chance(0.15),
  };
}

/** Comes when the storm is over, and takes what is left. */
export function planNewcomer(name: string, sid: number): BuyerHabits {
  return {
    name,
    sid,
    client: 'counts',
    maxPriceCents: null,
    attempts: 1,
    afterwards: 'pays',
    afterMs: 100,
    payingMs: 0,
    waits: 'asking',
    clicksTwice: false,
  };
}
