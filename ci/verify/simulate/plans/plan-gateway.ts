import { createSeededRandom } from '../world/seeded-random.ts';

/** How the gateway of a sale with payment pages behaves. Probabilities from 0 to 1. */
export type GatewayPlan = {
  stormMs: number;
  /** During the storm. */
  callLost: number;
  answerLost: number;
  slow: number;
  eventLost: number;
  eventTwice: number;
  eventLateMs: number;
  /** The gateway is away during the storm, from and to; the end may be after the storm. */
  away: { fromMs: number; toMs: number } | null;
  /** A buyer leaves the open page, during the storm. */
  leaves: number;
  /** The money is on its way for this time. */
  processingMs: number;
};

/** Another source than that of the sale, so that the sales without payment pages are the same as before. */
const OWN_SEEDS = 1_000_000_007;

/** Null: payments without sessions, as those of the sandbox. */
export function planGateway(seed: number, stormMs: number): GatewayPlan | null {
  const random = createSeededRandom(seed + OWN_SEEDS);
  if (!random.chance(0.25)) return null;
  const sometimes = (most: number) => (random.chance(0.5) ? random.between(0, most) : 0);
  const fromMs = random.between(0, stormMs);
  return {
    stormMs,
    callLost: sometimes(0.3),
    answerLost: sometimes(0.4),
    slow: sometimes(0.3),
    eventLost: sometimes(0.8),
    eventTwice: sometimes(0.5),
    eventLateMs: random.pick([5, 500, 4000]),
    away: random.chance(0.4) ? { fromMs, toMs: fromMs + random.between(500, 15_000) } : null,
    leaves: random.pick([0.1, 0.4]),
    processingMs: random.chance(0.3) ? random.between(500, 8000) : 0,
  };
}
