import type { Sale } from '../plan-sale.ts';
import type { World } from '../world.ts';

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
  /** Waits for the event of his consumer, in place of asking, for as long as that consumer lives. */
  listens: boolean;
  /** Buys twice at the same moment. */
  clicksTwice: boolean;
};

export function planHabits({ random }: World, sale: Sale, name: string): BuyerHabits {
  const client = random.pick(['counts', 'counts', 'counts', 'generic', 'bot', 'keyless'] as const);
  return {
    ...{ name, client },
    sid: random.pick(sale.stocks).sid,
    maxPriceCents: random.chance(0.3) ? random.pick([499, 1500, 1999, 3000]) : null,
    attempts: random.whole(1, 4),
    afterwards: random.pick(['pays', 'pays', 'cancels', 'forgets']),
    afterMs: random.between(0, 600),
    // Often until the moment at which the order expires.
    payingMs: random.chance(0.5)
      ? Math.min(sale.payWithinMs, 2500) + random.between(-600, 900)
      : random.between(0, 600),
    listens: random.chance(0.3),
    clicksTwice: random.chance(0.15),
  };
}

/** Comes when the storm is over, and takes what is left. */
export function planNewcomer(name: string, sid: number): BuyerHabits {
  return {
    ...{ name, sid, client: 'counts', maxPriceCents: null, attempts: 1 },
    ...{ afterwards: 'pays', afterMs: 100, payingMs: 0, listens: false, clicksTwice: false },
  };
}
