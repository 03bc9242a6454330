import type { Round } from './run-rounds.ts';

export type Figure = {
  perSecond: number;
  /** To bare Fastify in the same round: the median, and the least and the most of all rounds. */
  ratio: number;
  ratioFrom: number;
  ratioTo: number;
  p50Ms: number;
  p99Ms: number;
  cpuUsPerRequest: Record<string, number>;
  memoryMb: Record<string, number>;
  /** The least share, of all rounds, of answers that were as they should be. */
  asExpected: number;
  broken: number;
};

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return Number.isInteger(middle)
    ? ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
    : (sorted[Math.floor(middle)] ?? 0);
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));

/** The median of each figure over the rounds, and its ratio to what `bare` did in the same round. */
export function summarizeRounds(rounds: Round[], bare: Round[]): Figure {
  const ratios = rounds.map(({ perSecond }, i) => perSecond / (bare[i]?.perSecond ?? Number.NaN));
  const ofEach = (pick: (one: Round) => Record<string, number>, each: (values: number[]) => number) => {
    const names = new Set(rounds.flatMap((one) => Object.keys(pick(one))));
    return Object.fromEntries([...names].map((name) => [name, each(rounds.map((one) => pick(one)[name] ?? 0))]));
  };
  return {
    perSecond: Math.round(median(rounds.map(({ perSecond }) => perSecond))),
    ratio: round(median(ratios), 3),
    ratioFrom: round(Math.min(...ratios), 3),
    ratioTo: round(Math.max(...ratios), 3),
    p50Ms: round(median(rounds.map(({ p50Ms }) => p50Ms)), 1),
    p99Ms: round(median(rounds.map(({ p99Ms }) => p99Ms)), 1),
    cpuUsPerRequest: ofEach(
      (one) => one.cpuUsPerRequest,
      (values) => Math.round(median(values)),
    ),
    memoryMb: ofEach(
      (one) => one.memoryKb,
      (values) => Math.round(Math.max(...values) / 1024),
    ),
    asExpected: round(Math.min(...rounds.map(({ asExpected }) => asExpected)), 4),
    broken: rounds.reduce((sum, one) => sum + one.broken, 0),
  };
}
