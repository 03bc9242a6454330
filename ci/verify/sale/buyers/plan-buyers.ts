/** What one buyer is going to do. Times in milliseconds; the click's from the opening on, before it with a minus. */
export type BuyerPlan = {
  clickMs: number;
  /** Two requests at once with the same key. */
  doubleClicks: boolean;
  /** Gives the first request up after this long, and repeats it; undefined: waits for its answer. */
  abandonsAfterMs: number | undefined;
  pays: 'soon' | 'late' | 'never';
};

const DOUBLE_CLICKS = 0.2;
const ABANDONS = 0.1;
const LATE_OR_NEVER = 0.05;
const EARLY = 0.1;
const EARLY_MS = 1000;
const ABANDON_MS = { least: 5, most: 300 };

/** The next buyer of a crowd that comes in `rushMs`. `random` gives numbers from 0 to below 1. */
export function planBuyer(rushMs: number, random: () => number): BuyerPlan {
  const isEarly = random() < EARLY;
  const abandons = random() < ABANDONS;
  const { least, most } = ABANDON_MS;
  const payment = random();
  return {
    // Most come in the first moments: the square of an even number.
    clickMs: isEarly ? -random() * EARLY_MS : random() ** 2 * rushMs,
    doubleClicks: random() < DOUBLE_CLICKS,
    abandonsAfterMs: abandons ? Math.round(least + random() * (most - least)) : undefined,
    pays: payment < LATE_OR_NEVER / 2 ? 'never' : payment < LATE_OR_NEVER ? 'late' : 'soon',
  };
}
