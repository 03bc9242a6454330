import { median } from '../bench/summarize-rounds.ts';

export type SpreadSlice = { perSecond: number; cpuUs: number; cpu: Record<string, number>; p99Ms: number };
/** A slice, and the slice of the base right before it. */
export type SpreadPair = { base: SpreadSlice; slice: SpreadSlice };
/** The median, the minimum and the maximum of the ratios of all pairs. */
export type Ratio = { median: number; from: number; to: number };

export type SpreadFigure = {
  name: string;
  perSecond: number;
  /** Ratio of the orders per second to the base. */
  speed: Ratio;
  cpuUs: number;
  /** Ratio of the CPU time per order to the base. */
  cost: Ratio;
  cpu: Record<string, number>;
  p99Ms: number;
};

/** The first row of the result; each spread is compared with it. */
export const BASE_NAME = '1 stock of 1,000,000 units';

const round = (value: number) => Number(value.toFixed(3));

function ratioOf(values: number[], bases: number[]): Ratio {
  const ratios = values.map((value, i) => value / (bases[i] ?? Number.NaN));
  return { median: round(median(ratios)), from: round(Math.min(...ratios)), to: round(Math.max(...ratios)) };
}

/** The median of each figure over the rounds, and its ratio to the base; the base is the first row. */
export function summarizeSpreads(pairs: Map<string, SpreadPair[]>): SpreadFigure[] {
  const bases = [...pairs.values()].flatMap((list) => list.map((pair) => pair.base));
  return [
    summarizeSpread(BASE_NAME, bases, bases),
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
  const all = (list: SpreadSlice[], pick: (slice: SpreadSlice) => number) => list.map(pick);
  const middle = (pick: (slice: SpreadSlice) => number) => Math.round(median(all(rounds, pick)));
  const groups = Object.keys(rounds[0]?.cpu ?? {});
  return {
    name,
    perSecond: middle(({ perSecond }) => perSecond),
    speed: ratioOf(
      all(rounds, ({ perSecond }) => perSecond),
      all(bases, ({ perSecond }) => perSecond),
    ),
    cpuUs: middle(({ cpuUs }) => cpuUs),
    cost: ratioOf(
      all(rounds, ({ cpuUs }) => cpuUs),
      all(bases, ({ cpuUs }) => cpuUs),
    ),
    cpu: Object.fromEntries(groups.map((group) => [group, middle(({ cpu }) => cpu[group] ?? 0)])),
    p99Ms: middle(({ p99Ms }) => p99Ms),
  };
}
