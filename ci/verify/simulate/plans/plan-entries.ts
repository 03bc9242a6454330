import { createSeededRandom } from '../world/seeded-random.ts';

/** A buyer who waits for an offer. */
export type PlannedEntrant = {
  buyer: string;
  joinsAtMs: number;
  /** Null: he stays. */
  leavesAtMs: number | null;
  afterwards: 'pays' | 'cancels' | 'forgets';
  /** From the offer to the payment or cancellation. */
  afterMs: number;
  payingMs: number;
};

/** A stock whose units go to offers: a draw, a line, or a rush whose line opens when it is sold out. */
export type EntryPlan = {
  sid: number;
  mode: 'draw' | 'line' | 'rush';
  count: number;
  /** Entries are taken until then; of a rush, for `lineWindowMs` after the first joiner. */
  closesAtMs: number;
  lineWindowMs: number;
  /** Of a worker that closes, states and draws. */
  claimSeconds: number;
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
  const mode = random.pick(['draw', 'line', 'rush'] as const);
  const closesAtMs = random.between(300, stormMs / 2);
  const offerWithinMs = random.pick([300, 1000, 60_000]);
  const entrants = Array.from({ length: random.whole(4, 10) }, (_, i): PlannedEntrant => {
    const joinsAtMs = random.between(0, mode !== 'rush' && random.chance(0.7) ? closesAtMs : stormMs);
    return {
      // The names of other buyers too: one buyer may order and wait.
      buyer: random.chance(0.3) ? `buyer-${i}` : `entrant-${i}`,
      joinsAtMs,
      leavesAtMs: random.chance(0.3) ? random.between(joinsAtMs, stormMs) : null,
      afterwards: random.pick(['pays', 'cancels', 'forgets', 'forgets']),
      afterMs: random.between(0, 600),
      payingMs: random.chance(0.5) ? Math.min(offerWithinMs, 2500) + random.between(-300, 300) : random.between(0, 600),
    };
  });
  const lineWindowMs = random.pick([50, 500, 1500]);
  const claimSeconds = random.pick([1, 4, 30]);
  const count = random.whole(1, 3);
  return { sid: SID, mode, count, closesAtMs, lineWindowMs, claimSeconds, offerWithinMs, entrants };
}
