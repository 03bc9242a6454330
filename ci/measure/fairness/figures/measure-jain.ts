import type { Random } from '../../../verify/simulate/world/seeded-random.ts';

export type JainFigures = {
  /** Of the units that each person won over all rounds. */
  measured: number;
  /** The same where each round draws its winners among all people at random: the mean, and 95 % of the runs. */
  chance: { mean: number; low: number; high: number };
  /** Of the people's chances: `measured` without the part of its variance that chance explains, with its 95 % interval. */
  ofChances: { value: number; low: number; high: number };
};

const RUNS = 1000;

/** Jain's index, (Σx)² ÷ (n Σx²): 1 if all have the same, 1/n if one has all. Undefined if nobody has anything. */
export function jainIndex(amounts: number[]): number | undefined {
  const squares = amounts.reduce((total, amount) => total + amount ** 2, 0);
  if (squares === 0) return undefined;
  return amounts.reduce((total, amount) => total + amount, 0) ** 2 / (amounts.length * squares);
}

/**
 * `wins`: the units of each person over all rounds. `winners`: how many people won in each round. A few rounds give an index far below 1
 * by chance alone, so the index of pure chance stands beside it.
 */
export function measureJain(wins: number[], winners: number[], random: Random): JainFigures | undefined {
  const measured = jainIndex(wins);
  if (measured === undefined) return undefined;
  const byChance = repeat(() => jainIndex(drawWins(wins.length, winners, random)) ?? 1);
  const mean = byChance.reduce((total, index) => total + index, 0) / RUNS;
  const ofChances = (index: number) => 1 / (1 + Math.max(0, 1 / index - 1 / mean));
  const resampled = repeat(() => ofChances(jainIndex(wins.map(() => random.pick(wins))) ?? 1));
  return {
    measured,
    chance: { mean, ...middle95(byChance) },
    ofChances: { value: ofChances(measured), ...middle95(resampled) },
  };
}

/** The wins of each person if the winners of each round are drawn. */
function drawWins(people: number, winners: number[], random: Random): number[] {
  const wins = Array<number>(people).fill(0);
  const persons = wins.map((_, person) => person);
  for (const count of winners) {
    for (let at = 0; at < count; at += 1) {
      const other = random.whole(at, people - 1);
      const drawn = persons[other] as number;
      persons[other] = persons[at] as number;
      persons[at] = drawn;
      wins[drawn] = (wins[drawn] ?? 0) + 1;
    }
  }
  return wins;
}

function repeat(run: () => number): number[] {
  return Array.from({ length: RUNS }, run).sort((a, b) => a - b);
}

function middle95(sorted: number[]): { low: number; high: number } {
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  return { low: at(0.025), high: at(0.975) };
}
