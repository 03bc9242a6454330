/** A share that was measured, with its 95 % interval. */
export type Proportion = { won: number; of: number; rate: number; low: number; high: number };
export type Difference = { value: number; low: number; high: number };
/** `won` of `of` in one round. */
export type RoundCount = { won: number; of: number };

const Z = 1.96;

/**
 * The share over all rounds, with Wilson's interval. Where rounds differ by more than chance, as when all of one round come late, the
 * interval is as wide as that of a sample that is smaller by the same factor.
 */
export function measureProportion(rounds: RoundCount[]): Proportion {
  const won = sum(rounds.map((round) => round.won));
  const of = sum(rounds.map((round) => round.of));
  if (of === 0) return { won, of, rate: 0, low: 0, high: 1 };
  const rate = won / of;
  const size = of / spreadOfRounds(rounds, rate);
  const middle = (rate + Z ** 2 / (2 * size)) / (1 + Z ** 2 / size);
  const half = (Z / (1 + Z ** 2 / size)) * Math.sqrt((rate * (1 - rate)) / size + Z ** 2 / (4 * size ** 2));
  return { won, of, rate, low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** The difference of two shares, with Newcombe's interval. */
export function subtractProportions(a: Proportion, b: Proportion): Difference {
  const value = a.rate - b.rate;
  return {
    value,
    low: value - Math.hypot(a.rate - a.low, b.high - b.rate),
    high: value + Math.hypot(a.high - a.rate, b.rate - b.low),
  };
}

/** The variance between rounds, divided by that of independent tries; at least 1. */
function spreadOfRounds(rounds: RoundCount[], rate: number): number {
  const chance = sum(rounds.map(({ of }) => of * rate * (1 - rate)));
  if (rounds.length < 2 || chance === 0) return 1;
  const squares = sum(rounds.map(({ won, of }) => (won - of * rate) ** 2));
  return Math.max(1, (squares / (rounds.length - 1)) * (rounds.length / chance));
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
