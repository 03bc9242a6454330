import { median } from '../bench/summarize-rounds.ts';
import type { Burst } from './measure-burst.ts';

export type OpeningFigure = Burst & {
  /** Answers with 5xx or none, and all other than 201, over all rounds. */
  failed: number;
  otherThan201: number;
  /** The lowest and the highest of the rounds. */
  p50FromMs: number;
  p50ToMs: number;
};

const round = (value: number) => Math.round(value * 10) / 10;

/** The median of each figure over the rounds. Statuses are sums over the rounds, answers per 100 ms are means. */
export function summarizeBursts(bursts: Burst[]): OpeningFigure {
  const medianOf = (pick: (burst: Burst) => number) => round(median(bursts.map(pick)));
  const kinds = Object.keys(bursts[0]?.cpuUsByKind ?? {});
  const statuses: Record<string, number> = {};
  for (const burst of bursts) {
    for (const [status, count] of Object.entries(burst.statuses)) statuses[status] = (statuses[status] ?? 0) + count;
  }
  const count = (isCounted: (status: number) => boolean) =>
    Object.entries(statuses).reduce((sum, [status, n]) => sum + (isCounted(Number(status)) ? n : 0), 0);
  const p50s = bursts.map(({ p50Ms }) => p50Ms);
  return {
    p50Ms: medianOf(({ p50Ms }) => p50Ms),
    p99Ms: medianOf(({ p99Ms }) => p99Ms),
    maxMs: medianOf(({ maxMs }) => maxMs),
    p50FromMs: Math.min(...p50s),
    p50ToMs: Math.max(...p50s),
    cpuUsPerRequest: medianOf(({ cpuUsPerRequest }) => cpuUsPerRequest),
    cpuUsByKind: Object.fromEntries(kinds.map((kind) => [kind, medianOf((burst) => burst.cpuUsByKind[kind] ?? 0)])),
    ordersPerCall: medianOf(({ ordersPerCall }) => ordersPerCall),
    ordersPerTransaction: medianOf(({ ordersPerTransaction }) => ordersPerTransaction),
    connectionsToNginx: medianOf(({ connectionsToNginx }) => connectionsToNginx),
    connectionsUpstream: medianOf(({ connectionsUpstream }) => connectionsUpstream),
    otherWorkPercent: medianOf((burst) => burst.otherWorkPercent),
    statuses,
    failed: count((status) => status === 0 || status >= 500),
    otherThan201: count((status) => status !== 201),
    answersPer100Ms: meanSlots(bursts.map(({ answersPer100Ms }) => answersPer100Ms)),
  };
}

function meanSlots(rounds: number[][]): number[] {
  const slots = Math.max(0, ...rounds.map(({ length }) => length));
  return Array.from({ length: slots }, (_, slot) => {
    return round(rounds.reduce((sum, counts) => sum + (counts[slot] ?? 0), 0) / rounds.length);
  });
}
