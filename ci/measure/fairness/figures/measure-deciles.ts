import { measureProportion, type Proportion } from './measure-proportion.ts';

const DECILES = 10;

/** The win rate of each tenth of the people, by their arrival in the round: the first tenth first. */
export function measureDeciles(rounds: { arrivedMs: number; won: boolean }[][]): Proportion[] {
  const sorted = rounds.map((people) => people.toSorted((a, b) => a.arrivedMs - b.arrivedMs));
  return Array.from({ length: DECILES }, (_, decile) =>
    measureProportion(
      sorted.map((people) => {
        const start = Math.round((decile * people.length) / DECILES);
        const part = people.slice(start, Math.round(((decile + 1) * people.length) / DECILES));
        return { won: part.filter(({ won }) => won).length, of: part.length };
      }),
    ),
  );
}
