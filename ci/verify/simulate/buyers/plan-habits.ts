import { type AskedDetails, ONE_UNIT } from '../plans/plan-quantities.ts';
import type { Sale } from '../plans/plan-sale.ts';
import type { Random } from '../world/seeded-random.ts';

/**
 * How a client identifies its requests. `counts`: one key with attempt 1, 2 …; `generic`: one key without attempts; `bot`: claims to
 * repeat from its first request on, in quick succession; `keyless`: no key, so each request is an order of its own.
 */
export type Client = 'counts' | 'generic' | 'bot' | 'keyless';

export type BuyerHabits = {
  name: string;
  sid: number;
  client: Client;
  /** The maximum price; null: any. */
  maxPriceCents: number | null;
  details: AskedDetails;
  /** Number of attempts, each with its own key, until one is not refused. */
  attempts: number;
  afterwards: 'pays' | 'cancels' | 'forgets';
  /** From the decision to the payment or cancellation. */
  afterMs: number;
  /** As of the sale. */
  paymentTickMs: number;
  /** Duration of the payment at the gateway. */
  payingMs: number;
  /** After a 202: polls; opens a stream at the same consumer, which polls for the buyer; or only waits for that consumer. */
  waiting: 'polls' | 'streams' | 'waits';
  /** Sends two orders at the same moment. */
  clicksTwice: boolean;
};

export function planHabits(random: Random, sale: Sale, name: string): BuyerHabits {
  const { sid, kind, maxPerOrder } = random.pick(sale.stocks);
  // A client that only waits does not learn that an order is never decided.
  const withoutPolls = kind === 'sale' ? 'waits' : 'streams';
  const client = random.pick(['counts', 'counts', 'counts', 'generic', 'bot', 'keyless'] as const);
  return {
    name,
    sid,
    client,
    maxPriceCents: random.chance(0.3) ? random.pick([499, 1500, 1999, 3000]) : null,
    details: kind === 'sale' ? sale.quantities.nextDetails(maxPerOrder) : ONE_UNIT,
    attempts: random.whole(1, 4),
    afterwards: random.pick(['pays', 'pays', 'cancels', 'forgets']),
    afterMs: random.between(0, 600),
    paymentTickMs: sale.paymentTickMs,
    // Often until about the time at which the order expires.
    payingMs: random.chance(0.5)
      ? Math.min(sale.payWithinMs, 2500) + random.between(-600, 900)
      : random.between(0, 600),
    waiting: random.chance(0.7) ? 'polls' : random.pick(['streams', withoutPolls]),
    clicksTwice: random.chance(0.15),
  };
}

/** A buyer after the storm. */
export function planLateBuyer(name: string, sid: number): BuyerHabits {
  return {
    name,
    sid,
    client: 'counts',
    maxPriceCents: null,
    details: ONE_UNIT,
    attempts: 1,
    afterwards: 'pays',
    afterMs: 100,
    paymentTickMs: 1,
    payingMs: 0,
    waiting: 'polls',
    clicksTwice: false,
  };
}
