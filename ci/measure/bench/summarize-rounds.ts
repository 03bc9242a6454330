import type { Round } from './run-rounds.ts';

export type Figure = {
  perSecond: number;
  /** Ratio to bare Fastify in the same round: the median, the minimum and the maximum of all rounds. */
  ratio: number;
  ratioFrom: number;
  ratioTo: number;
  p50Ms: number;
  p99Ms: number;
  cpuUsPerRequest: Record<string, number>;
  memoryMb: Record<string, number>;
  /** The lowest share of expected responses in a round. */
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

/** Two scenarios in the same rounds, as ratios: the median and the range. */
export type Comparison = Record<'rate' | 'cpu', { ratio: number; from: number; to: number }>;

/** Rate and CPU time per request of `rounds`, divided by those of `base` in the same round. */
export function compareRounds(rounds: Round[], base: Round[]): Comparison {
  const compare = (read: (round: Round) => number) => {
    const ratios = rounds.map((measured, i) => read(measured) / (base[i] ? read(base[i]) : Number.NaN));
    return {
      ratio: round(median(ratios), 2),
      from: round(Math.min(...ratios), 2),
      to: round(Math.max(...ratios), 2),
    };
  };
  const sumCpu = ({ cpuUsPerRequest }: Round) => Object.values(cpuUsPerRequest).reduce((sum, us) => sum + us, 0);
  return { rate: compare(({ perSecond }) => perSecond), cpu: compare(sumCpu) };
}

/** The median of each figure over the rounds, and its ratio to `bare` in the same round. */
export function summarizeRounds(rounds: Round[], bare: Round[]): Figure {
  const ratios = rounds.map(({ perSecond }, i) => perSecond / (bare[i]?.perSecond ?? Number.NaN));
  const ofEach = (pick: (round: Round) => Record<string, number>, summarize: (values: number[]) => number) => {
    const names = new Set(rounds.flatMap((measured) => Object.keys(pick(measured))));
    return Object.fromEntries(
      [...names].map((name) => [name, summarize(rounds.map((measured) => pick(measured)[name] ?? 0))]),
    );
  };
  return {
    perSecond: Math.round(median(rounds.map(({ perSecond }) => perSecond))),
    ratio: round(median(ratios), 3),
    ratioFrom: round(Math.min(...ratios), 3),
    ratioTo: round(Math.max(...ratios), 3),
    p50Ms: round(median(rounds.map(({ p50Ms }) => p50Ms)), 1),
    p99Ms: round(median(rounds.map(({ p99Ms }) => p99Ms)), 1),
    cpuUsPerRequest: ofEach(
      ({ cpuUsPerRequest }) => cpuUsPerRequest,
      (values) => Math.round(median(values)),
    ),
    memoryMb: ofEach(
      ({ memoryKb }) => memoryKb,
      (values) => Math.round(Math.max(...values) / 1024),
    ),
    asExpected: round(Math.min(...rounds.map(({ asExpected }) => asExpected)), 4),
    broken: rounds.reduce((sum, { broken }) => sum + broken, 0),
  };
}
