import type { Random } from '../../../verify/simulate/world/seeded-random.ts';
import { measureDeciles } from './measure-deciles.ts';
import { type JainFigures, measureJain } from './measure-jain.ts';
import { type Difference, measureProportion, type Proportion, subtractProportions } from './measure-proportion.ts';
import type { RoundResult } from './round-result.ts';

export type AttackerFigures = {
  name: string;
  /** Independent attackers of this kind in each round, and identities of each. */
  attackers: number;
  identities: number;
  /** The share of the units that one attacker got. */
  shareOfUnits: Proportion;
  /** Of one identity, and how much above a person's. */
  winRate: Proportion;
  abovePeople: Difference;
  /** Mean over the identities that came. */
  requestsPerIdentity: number;
  /** The cost of a unit; undefined if no unit was won. */
  perUnit: { requests: number; identities: number; workCpuSeconds: number } | undefined;
};

export type ModeFigures = {
  rounds: number;
  people: number;
  units: number;
  unsold: number;
  /** People whose entry was not taken, over all rounds. */
  withoutEntry: number;
  /** Of a person who was not late. */
  winRate: Proportion;
  deciles: Proportion[];
  jain: JainFigures | undefined;
  attackers: AttackerFigures[];
};

/** The figures of a mode from what people and bots got in each round. All rounds have the same people and kinds of attackers. */
export function summarizeRounds(rounds: RoundResult[], random: Random): ModeFigures {
  const [first] = rounds;
  if (!first) throw new Error('no round');
  const winners = rounds.map(({ people }) => people.filter(({ won }) => won).length);
  const wins = first.people.map((_, person) => rounds.filter(({ people }) => people[person]?.won).length);
  const winRate = measureProportion(
    rounds.map(({ people }) => {
      const inTime = people.filter(({ isLate }) => !isLate);
      return { won: inTime.filter(({ won }) => won).length, of: inTime.length };
    }),
  );
  const got = rounds.map(({ bots }, at) => bots.reduce((sum, { won }) => sum + won, winners[at] ?? 0));
  return {
    rounds: rounds.length,
    people: first.people.length,
    units: first.units,
    unsold: rounds.reduce((sum, { units }, at) => sum + units - (got[at] ?? 0), 0),
    withoutEntry: rounds.reduce((sum, { people }) => sum + people.filter(({ hasNoEntry }) => hasNoEntry).length, 0),
    winRate,
    deciles: measureDeciles(rounds.map(({ people }) => people)),
    jain: measureJain(wins, winners, random),
    attackers: first.bots.map((_, kind) => summarizeAttacker(rounds, kind, winRate)),
  };
}

function summarizeAttacker(rounds: RoundResult[], kind: number, people: Proportion): AttackerFigures {
  const results = rounds.flatMap(({ bots, units }) => bots.slice(kind, kind + 1).map((bot) => ({ bot, units })));
  const { name, attackers, identities } = (results[0] as (typeof results)[0]).bot;
  const total = (read: (bot: RoundResult['bots'][number]) => number) =>
    results.reduce((sum, { bot }) => sum + read(bot), 0);
  const [won, requests] = [total((bot) => bot.won), total((bot) => bot.requests)];
  const used = total((bot) => bot.used);
  const winRate = measureProportion(results.map(({ bot }) => ({ won: bot.won, of: attackers * identities })));
  return {
    name,
    attackers,
    identities,
    // Each attacker could have had each unit.
    shareOfUnits: measureProportion(results.map(({ bot, units }) => ({ won: bot.won, of: units * attackers }))),
    winRate,
    abovePeople: subtractProportions(winRate, people),
    requestsPerIdentity: requests / Math.max(1, used),
    perUnit:
      won === 0
        ? undefined
        : {
            requests: requests / won,
            identities: used / won,
            workCpuSeconds: total((bot) => bot.workCpuMs) / 1000 / won,
          },
  };
}
