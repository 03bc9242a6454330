import type { LiveReport } from '../proto/live-report.ts';
import { estimatePercentile } from './estimate-percentile.ts';
import { type LiveSums, SILENT_MS } from './sum-live.ts';

/** The event `live`. Rates are per second. */
export type LiveView = {
  at: string;
  processes: {
    name: string;
    kind: LiveReport['kind'];
    ageMs: number;
    cpu: number;
    memoryMb: number;
    eventLoopMs: number | null;
    partitions: number[] | null;
  }[];
  perSecond: Record<
    'requests' | 'confirmed' | 'duplicate' | 'refused' | 'limited' | 'pending' | 'busy' | 'errors',
    number
  >;
  turnedAway: Record<'nginxLimit' | 'nginxCache' | 'limiter' | 'soldOut' | 'log', number>;
  decisionMs: { p50: number; p90: number; p99: number; count: number } | null;
  waiting: number;
  undecided: number;
  listeners: number;
  lag: { total: number; byPartition: Record<string, number> };
  committedPerSecond: number;
};

// What is no fault: not let in, not open, no such stock; sold out, limited; gone before the answer. 503 is counted as busy.
const NO_ERRORS = ['401', '403', '404', '410', '429', '499', '503'];

/** What the sale looks like now, from what the processes have said. `at` is shown and not reckoned with. */
export function describeLive(sums: LiveSums, nowMs: number, at: Date): LiveView {
  const listed = sums.list(nowMs);
  const rate = (key: string, kind: LiveReport['kind']) => sums.perSecond(key, { kind }, nowMs);
  const statuses = (kind: LiveReport['kind']) => ratesByStatus(sums, listed, kind, nowMs);
  const consumers = statuses('consumer');
  const nginx = statuses('nginx');
  const isNginxHeard = listed.some(({ report, ageMs }) => report.kind === 'nginx' && ageMs <= SILENT_MS);
  // What nginx answers by itself only it has seen; what the consumers answered they tell sooner.
  const seen = isNginxHeard ? nginx : consumers;
  const nginxLimit = rate('limited', 'nginx');
  const nginxCache = rate('cached', 'nginx');
  const limiter = consumers.get('429') ?? 0;
  const soldOut = consumers.get('410') ?? 0;
  const errors = [...seen].filter(([status]) => Number(status) >= 400 && !NO_ERRORS.includes(status));

  return {
    at: at.toISOString(),
    processes: listed.map(({ report, ageMs }) => ({
      ...{ name: report.name, kind: report.kind, ageMs },
      cpu: round(sums.perSecond('cpuMs', { name: report.name }, nowMs) / 1000, 1000),
      memoryMb: report.memoryMb,
      eventLoopMs: report.eventLoopMs,
      partitions: report.kind === 'order-worker' ? partitionsOf(report) : null,
    })),
    perSecond: roundAll({
      requests: sumOf(seen.values()),
      confirmed: consumers.get('201') ?? 0,
      duplicate: consumers.get('200') ?? 0,
      refused: soldOut + nginxCache,
      limited: limiter + nginxLimit,
      pending: consumers.get('202') ?? 0,
      busy: seen.get('503') ?? 0,
      errors: sumOf(errors.map(([, value]) => value)),
    }),
    turnedAway: roundAll({
      ...{ nginxLimit, nginxCache, limiter },
      soldOut: Math.max(0, soldOut - rate('answered:SOLD_OUT', 'consumer')),
      log: rate('committed:SOLD_OUT:log', 'order-worker'),
    }),
    decisionMs: decisionTimes(sums, nowMs),
    waiting: sums.level('waiting', nowMs),
    undecided: sums.level('undecided', nowMs),
    listeners: sums.level('listeners', nowMs),
    lag: lagOf(listed),
    committedPerSecond: round(committedRate(sums, listed, nowMs), 10),
  };
}

type Listed = ReturnType<LiveSums['list']>;

/** Every count of a kind of process, whose name begins so. */
function keysOf(listed: Listed, prefix: string, kind?: LiveReport['kind']): Set<string> {
  const reports = listed.map(({ report }) => report).filter((report) => !kind || report.kind === kind);
  return new Set(reports.flatMap(({ counts }) => Object.keys(counts).filter((key) => key.startsWith(prefix))));
}

function ratesByStatus(sums: LiveSums, listed: Listed, kind: LiveReport['kind'], nowMs: number): Map<string, number> {
  const keys = [...keysOf(listed, 'status:', kind)];
  return new Map(keys.map((key) => [key.slice('status:'.length), sums.perSecond(key, { kind }, nowMs)]));
}

/** Orders decided for the first time, by workers and by providers without the log. */
function committedRate(sums: LiveSums, listed: Listed, nowMs: number): number {
  return sumOf([...keysOf(listed, 'committed:')].map((key) => sums.perSecond(key, {}, nowMs)));
}

function decisionTimes(sums: LiveSums, nowMs: number): LiveView['decisionMs'] {
  const within = sums.lately('within:', { kind: 'consumer' }, nowMs);
  const buckets = [...within].map(([le, count]) => ({ most: le === '+Inf' ? Infinity : Number(le), count }));
  const count = Math.round(within.get('+Inf') ?? 0);
  const percentile = (share: number) => round((estimatePercentile(buckets, share) ?? 0) * 1000, 10);
  return count === 0 ? null : { p50: percentile(0.5), p90: percentile(0.9), p99: percentile(0.99), count };
}

/** A partition that has just gone from one worker to another is in both reports: the one heard last counts. */
function lagOf(listed: Listed): LiveView['lag'] {
  const byPartition = new Map<string, number>();
  for (const { report } of [...listed].sort((a, b) => b.ageMs - a.ageMs)) {
    for (const partition of partitionsOf(report))
      byPartition.set(`${partition}`, report.levels[`lag:${partition}`] ?? 0);
  }
  return { total: sumOf(byPartition.values()), byPartition: Object.fromEntries(byPartition) };
}

function partitionsOf({ levels }: LiveReport): number[] {
  const keys = Object.keys(levels).filter((key) => key.startsWith('lag:'));
  return keys.map((key) => Number(key.slice('lag:'.length))).sort((a, b) => a - b);
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

function roundAll<Keys extends string>(values: Record<Keys, number>): Record<Keys, number> {
  const entries = Object.entries(values) as [Keys, number][];
  return Object.fromEntries(entries.map(([key, value]) => [key, round(value, 10)])) as Record<Keys, number>;
}

function round(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
