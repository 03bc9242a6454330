import { median } from '../bench/summarize-rounds.ts';
import { base, type SpreadSlice } from './run-slices.ts';

/** One after the other. */
export type SpreadPair = { base: SpreadSlice; slice: SpreadSlice };
/** A ratio of pairs: the median, and the least and the most of all rounds. */
export type Ratio = { median: number; from: number; to: number };

export type SpreadFigure = {
  name: string;
  perSecond: number;
  /** Orders a second, to those of the base. */
  speed: Ratio;
  cpuUs: number;
  /** CPU time of an order, to that of the base. */
  cost: Ratio;
  cpu: Record<string, number>;
  p99Ms: number;
};

const round = (value: number) => Number(value.toFixed(3));

function ratioOf(values: number[], bases: number[]): Ratio {
  const ratios = values.map((value, i) => value / (bases[i] ?? Number.NaN));
  return { median: round(median(ratios)), from: round(Math.min(...ratios)), to: round(Math.max(...ratios)) };
}

/** Each figure's median over the rounds, and its ratio to the base right before; the base itself comes first. */
export function summarizeSpreads(pairs: Map<string, SpreadPair[]>): SpreadFigure[] {
  const bases = [...pairs.values()].flatMap((list) => list.map((pair) => pair.base));
  return [
    summarizeSpread(base.name, bases, bases),
    ...[...pairs].map(([name, list]) =>
      summarizeSpread(
        name,
        list.map(({ slice }) => slice),
        list.map((pair) => pair.base),
      ),
    ),
  ];
}

function summarizeSpread(name: string, rounds: SpreadSlice[], bases: SpreadSlice[]): SpreadFigure {
  const all = (list: SpreadSlice[], pick: (one: SpreadSlice) => number) => list.map(pick);
  const middle = (pick: (one: SpreadSlice) => number) => Math.round(median(all(rounds, pick)));
  const groups = Object.keys(rounds[0]?.cpu ?? {});
  return {
    name,
    perSecond: middle((one) => one.perSecond),
    speed: ratioOf(
      all(rounds, ({ perSecond }) => perSecond),
      all(bases, ({ perSecond }) => perSecond),
    ),
    cpuUs: middle((one) => one.cpuUs),
    cost: ratioOf(
      all(rounds, ({ cpuUs }) => cpuUs),
      all(bases, ({ cpuUs }) => cpuUs),
    ),
    cpu: Object.fromEntries(groups.map((group) => [group, middle((one) => one.cpu[group] ?? 0)])),
    p99Ms: middle((one) => one.p99Ms),
  };
}
