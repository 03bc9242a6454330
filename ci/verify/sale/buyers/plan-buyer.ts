/** The behaviour of one buyer. `clickMs` counts from the opening; negative: before it. */
export type BuyerPlan = {
  clickMs: number;
  /** Sends two requests at once with the same key. */
  doubleClicks: boolean;
  /** Aborts the first request after this time and repeats it; undefined: waits for the answer. */
  abandonsAfterMs: number | undefined;
  pays: 'soon' | 'late' | 'never';
};

const DOUBLE_CLICKS = 0.2;
const ABANDONS = 0.1;
const LATE_OR_NEVER = 0.05;
const EARLY = 0.1;
const EARLY_MS = 1000;
const ABANDON_MS = { min: 5, max: 300 };

/** A random buyer of a load that arrives within `rushMs`. `random` returns numbers from 0 to below 1. */
export function planBuyer(rushMs: number, random: () => number): BuyerPlan {
  const isEarly = random() < EARLY;
  const abandons = random() < ABANDONS;
  const payment = random();
  return {
    // The square puts most clicks at the beginning.
    clickMs: isEarly ? -random() * EARLY_MS : random() ** 2 * rushMs,
    doubleClicks: random() < DOUBLE_CLICKS,
    abandonsAfterMs: abandons ? Math.round(ABANDON_MS.min + random() * (ABANDON_MS.max - ABANDON_MS.min)) : undefined,
    pays: payment < LATE_OR_NEVER / 2 ? 'never' : payment < LATE_OR_NEVER ? 'late' : 'soon',
  };
}
