import type { Experiment, Lane } from './experiments.ts';

export type Position = { rows: number; answered: number };

/** The position of a lane `ms` after its start, interpolated between two samples. */
export function positionAt(samples: Lane['samples'], ms: number): Position {
  const after = samples.findIndex((sample) => sample.ms > ms);
  const last = samples.at(-1);
  if (after < 0) return last ? { rows: last.rows, answered: last.answered } : { rows: 0, answered: 0 };
  const to = samples[after] as Lane['samples'][number];
  const from = samples[after - 1] ?? { ms: 0, rows: 0, answered: 0 };
  const share = to.ms === from.ms ? 1 : Math.max(0, ms - from.ms) / (to.ms - from.ms);
  const between = (a: number, b: number) => Math.round(a + (b - a) * share);
  return { rows: between(from.rows, to.rows), answered: between(from.answered, to.answered) };
}

export function positionNow({ samples, answered, rows }: Lane): Position {
  const last = samples.at(-1);
  return { rows, answered: Math.max(answered, last?.answered ?? 0) };
}

/** The length of the longest lane. */
export const lengthMs = ({ ways }: Experiment): number =>
  Math.max(0, ...ways.map(({ samples }) => samples.at(-1)?.ms ?? 0));

// A lane that oversold by far runs out of the picture, so that the others stay readable.
const MAX_UNITS = 2.5;

/** The number of rows at the end of a lane or plot. */
export function roomFor({ ways, units }: Experiment): number {
  const max = Math.max(units * 1.25, ...ways.map((lane) => positionNow(lane).rows * 1.04));
  return Math.min(max, units * MAX_UNITS);
}

/** Of the strategies that sold each unit once, the one with the fewest errors, then the fastest. Null: none, or still running. */
export function winnerOf({ state, ways }: Experiment): string | null {
  if (state !== 'done') return null;
  const exact = ways.filter(({ state, oversold, unsold }) => state === 'done' && oversold === 0 && unsold === 0);
  const [first] = exact.sort((a, b) => a.errors - b.errors || (b.ordersPerSecond ?? 0) - (a.ordersPerSecond ?? 0));
  return first?.way ?? null;
}

/** The rows of all lanes on one axis of milliseconds; null: no sample at that time. */
export function joinSamples(lanes: readonly Lane[]): [number[], ...(number | null)[][]] {
  const times = [...new Set(lanes.flatMap(({ samples }) => samples.map(({ ms }) => ms)))].sort((a, b) => a - b);
  const columns = lanes.map(({ samples }) => {
    const byTime = new Map(samples.map(({ ms, rows }) => [ms, rows]));
    return times.map((ms) => byTime.get(ms) ?? null);
  });
  return [times, ...columns];
}
