import type { OrderDetails } from '../../../../proto/messages/order-details.ts';
import { createSeededRandom } from '../world/seeded-random.ts';

/** What orders have besides stock and buyer. */
export type QuantityPlan = {
  /** Some orders have several units, a reference or metadata. */
  varies: boolean;
  /** Of a new stock. */
  nextMaxPerOrder(): number;
  /** Units that a stock has more than one of orders of one unit. */
  nextMoreUnits(): number;
  /** Of the next buyer of a stock; now and then more units than one order may have. */
  nextDetails(maxPerOrder: number): AskedDetails;
};

export type AskedDetails = Required<OrderDetails>;

export const ONE_UNIT: AskedDetails = { quantity: 1, reference: null, metadata: null };

const SALT = 0x5eed_0014;

/** A random source of its own, so that the rest of a seed is as without quantities. */
export function planQuantities(seed: number): QuantityPlan {
  const random = createSeededRandom(seed ^ SALT);
  const varies = random.chance(0.4);
  return {
    varies,
    nextMaxPerOrder: () => (varies ? random.pick([1, 2, 3, 5]) : 1),
    nextMoreUnits: () => (varies ? random.whole(0, 5) : 0),
    nextDetails(maxPerOrder) {
      if (!varies) return ONE_UNIT;
      const quantity = random.chance(0.05) ? maxPerOrder + 1 : random.whole(1, maxPerOrder);
      const reference = random.chance(0.2) ? `cart-${random.whole(1, 9)}` : null;
      const metadata = random.chance(0.2) ? JSON.stringify({ gift: random.pick(['yes', 'ja', 'はい']) }) : null;
      return { quantity, reference, metadata };
    },
  };
}
