import { createSeededRandom } from '../world/seeded-random.ts';

/** A buyer who waits for an offer. */
export type PlannedEntrant = {
  buyer: string;
  /** Null: he has a place from the beginning. */
  joinsAtMs: number | null;
  /** Null: he stays. */
  leavesAtMs: number | null;
  afterwards: 'pays' | 'cancels' | 'forgets';
  /** From the offer to the payment or cancellation. */
  afterMs: number;
  payingMs: number;
};

/** A stock whose units go to offers: a draw, or a rush whose line opens when it is sold out. */
export type EntryPlan = {
  sid: number;
  mode: 'draw' | 'rush';
  count: number;
  /** Of a draw: offers are made from then on. */
  drawnAtMs: number;
  /** Time to pay an offer. Short: the units go round. */
  offerWithinMs: number;
  entrants: PlannedEntrant[];
};

const SALT = 0x5eed_0018;
const SID = 21;

/** A random source of its own, so that the rest of a seed is as without entries. Null: no stock has any. */
export function planEntries(seed: number, stormMs: number): EntryPlan | null {
  const random = createSeededRandom(seed ^ SALT);
  if (!random.chance(0.4)) return null;
  const mode = random.pick(['draw', 'rush'] as const);
  const offerWithinMs = random.pick([300, 1000, 60_000]);
  const entrants = Array.from({ length: random.whole(4, 10) }, (_, i): PlannedEntrant => {
    const joinsAtMs = mode === 'draw' && random.chance(0.6) ? null : random.between(0, stormMs);
    return {
      // The names of other buyers too: one buyer may order and wait.
      buyer: random.chance(0.3) ? `buyer-${i}` : `entrant-${i}`,
      joinsAtMs,
      leavesAtMs: random.chance(0.3) ? random.between(joinsAtMs ?? 0, stormMs) : null,
      afterwards: random.pick(['pays', 'cancels', 'forgets', 'forgets']),
      afterMs: random.between(0, 600),
      payingMs: random.chance(0.5) ? Math.min(offerWithinMs, 2500) + random.between(-300, 300) : random.between(0, 600),
    };
  });
  const drawnAtMs = random.between(0, stormMs / 2);
  return { sid: SID, mode, count: random.whole(1, 3), drawnAtMs, offerWithinMs, entrants };
}
