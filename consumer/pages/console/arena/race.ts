import type { Experiment, Lane, Sample } from './experiments.ts';

export type Position = { rows: number; answered: number };

/** Where a lane was so many milliseconds after its start: between two samples, in a straight line. */
export function positionAt(samples: readonly Sample[], ms: number): Position {
  const after = samples.findIndex((sample) => sample.ms > ms);
  const last = samples.at(-1);
  if (after < 0) return last ? { rows: last.rows, answered: last.answered } : { rows: 0, answered: 0 };
  const to = samples[after] as Sample;
  const from = samples[after - 1] ?? { ms: 0, rows: 0, answered: 0 };
  const share = to.ms === from.ms ? 1 : Math.max(0, ms - from.ms) / (to.ms - from.ms);
  const between = (a: number, b: number) => Math.round(a + (b - a) * share);
  return { rows: between(from.rows, to.rows), answered: between(from.answered, to.answered) };
}

/** Where it is now, by what is known. */
export function positionNow({ samples, answered, rows }: Lane): Position {
  const last = samples.at(-1);
  return { rows: rows ?? last?.rows ?? 0, answered: Math.max(answered, last?.answered ?? 0) };
}

export const lengthMs = ({ ways }: Experiment): number =>
  Math.max(0, ...ways.map(({ samples }) => samples.at(-1)?.ms ?? 0));

// Who oversold eightfold would press all others to the left: it runs out of the picture instead.
const MAX_UNITS = 2.5;

/** Most rows that a lane or plot has room for, up to so many times the units. */
export function roomFor({ ways, units }: Experiment): number {
  const most = Math.max(units * 1.25, ...ways.map((lane) => positionNow(lane).rows * 1.04));
  return Math.min(most, units * MAX_UNITS);
}

/** The quickest of those that sold every unit once and lost no answer. Null: there is none, or they still run. */
export function winnerOf({ state, ways }: Experiment): string | null {
  if (state !== 'done') return null;
  const exact = ways.filter(({ state, oversold, unsold }) => state === 'done' && oversold === 0 && unsold === 0);
  const [first] = exact.sort(
    (a, b) => (a.errors ?? 0) - (b.errors ?? 0) || (b.ordersPerSecond ?? 0) - (a.ordersPerSecond ?? 0),
  );
  return first?.way ?? null;
}

/** All lanes' rows over time, on one axis of milliseconds; null where a lane has no sample. */
export function joinSamples(lanes: readonly Lane[]): [number[], ...(number | null)[][]] {
  const times = [...new Set(lanes.flatMap(({ samples }) => samples.map(({ ms }) => ms)))].sort((a, b) => a - b);
  const columns = lanes.map(({ samples }) => {
    const byTime = new Map(samples.map(({ ms, rows }) => [ms, rows]));
    return times.map((ms) => byTime.get(ms) ?? null);
  });
  return [times, ...columns];
}
