import type { LiveReport } from '../../../proto/messages/live-report.ts';
import { estimatePercentile } from './estimate-percentile.ts';
import { type LiveSums, PERIOD_MS, SILENT_MS } from './live-sums.ts';

/** Kinds of answers. Each request counts as exactly one, so they add up to `requests`. */
const ANSWERS = [
  'created',
  'duplicate',
  'refused',
  'limited',
  'pending',
  'notOpen',
  'busy',
  'errors',
  'other',
] as const;
export type Answer = (typeof ANSWERS)[number];

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
  perSecond: Record<'confirmed' | 'requests' | Answer, number>;
  turnedAway: Record<'nginxLimit' | 'nginxCache' | 'limiter' | 'soldOut' | 'log', number>;
  decisionMs: { p50: number; p90: number; p99: number; count: number } | null;
  waiting: number;
  undecided: number;
  listeners: number;
  lag: { total: number; byPartition: Record<string, number> };
  committedPerSecond: number;
};

// Not errors: unauthenticated, unknown stock, client disconnected.
const OTHER = ['401', '404', '499'];
const ANSWER_OF: Record<string, Answer> = {
  200: 'duplicate',
  201: 'created',
  202: 'pending',
  403: 'notOpen',
  409: 'notOpen',
  410: 'refused',
  429: 'limited',
  503: 'busy',
  ...Object.fromEntries(OTHER.map((status) => [status, 'other'])),
};

/** The live figures, from the reports of all processes. `at` is for display only. */
export function describeLive(sums: LiveSums, nowMs: number, at: Date, lengthMs = PERIOD_MS): LiveView {
  const listed = sums.list(nowMs);
  const rate: Rate = (key, where) => sums.perSecond(key, where, nowMs, lengthMs);
  const hasNginx = listed.some(({ report, ageMs }) => report.kind === 'nginx' && ageMs <= SILENT_MS);
  // Only nginx counts the answers that it gives itself. One source for all statuses, so that they add up.
  const answers = ratesByAnswer(rate, listed, hasNginx ? 'nginx' : 'consumer');
  const nginxLimit = Math.min(answers.limited, rate('limited', { kind: 'nginx' }));
  const nginxCache = Math.min(answers.refused, rate('cached', { kind: 'nginx' }));
  const log = rate('answered:SOLD_OUT', { kind: 'consumer' });

  return {
    at: at.toISOString(),
    processes: listed.map(({ report, ageMs }) => ({
      name: report.name,
      kind: report.kind,
      ageMs,
      cpu: round(rate('cpuMs', { name: report.name }) / 1000, 1000),
      memoryMb: report.memoryMb,
      eventLoopMs: report.eventLoopMs,
      partitions: report.kind === 'order-worker' ? partitionsOf(report) : null,
    })),
    perSecond: roundAll({
      requests: sumOf(Object.values(answers)),
      confirmed: committedRate(rate, listed, 'committed:CONFIRMED:'),
      ...answers,
    }),
    turnedAway: roundAll({
      nginxLimit,
      nginxCache,
      log,
      limiter: answers.limited - nginxLimit,
      soldOut: Math.max(0, rate('status:410', { kind: 'consumer' }) - log),
    }),
    decisionMs: decisionTimes(sums, nowMs),
    waiting: sums.level('waiting', nowMs),
    undecided: sums.level('undecided', nowMs),
    listeners: sums.level('listeners', nowMs),
    lag: lagOf(listed),
    committedPerSecond: round(committedRate(rate, listed, 'committed:'), 10),
  };
}

type Listed = ReturnType<LiveSums['list']>;

/** Names of all counts with the prefix, of one kind of process or of all. */
function keysOf(listed: Listed, prefix: string, kind?: LiveReport['kind']): Set<string> {
  const reports = listed.map(({ report }) => report).filter((report) => !kind || report.kind === kind);
  return new Set(reports.flatMap(({ counts }) => Object.keys(counts).filter((key) => key.startsWith(prefix))));
}

type Rate = (key: string, where: { kind?: LiveReport['kind']; name?: string }) => number;

function ratesByAnswer(rate: Rate, listed: Listed, kind: LiveReport['kind']): Record<Answer, number> {
  const rates = Object.fromEntries(ANSWERS.map((answer) => [answer, 0])) as Record<Answer, number>;
  for (const key of keysOf(listed, 'status:', kind)) {
    const status = key.slice('status:'.length);
    rates[ANSWER_OF[status] ?? (Number(status) >= 400 ? 'errors' : 'other')] += rate(key, { kind });
  }
  return rates;
}

/** First decisions of orders, by workers and by providers without the log. */
function committedRate(rate: Rate, listed: Listed, prefix: string): number {
  return sumOf([...keysOf(listed, prefix)].map((key) => rate(key, {})));
}

function decisionTimes(sums: LiveSums, nowMs: number): LiveView['decisionMs'] {
  const within = sums.lately('within:', { kind: 'consumer' }, nowMs);
  const buckets = [...within].map(([le, count]) => ({ le: le === '+Inf' ? Infinity : Number(le), count }));
  const count = Math.round(within.get('+Inf') ?? 0);
  const percentile = (share: number) => round((estimatePercentile(buckets, share) ?? 0) * 1000, 10);
  return count === 0 ? null : { p50: percentile(0.5), p90: percentile(0.9), p99: percentile(0.99), count };
}

/** A partition that has just moved between workers is in both reports: the latest report counts. */
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
  return Object.fromEntries(entries.map(([key, value]) => [key, round(value, 100)])) as Record<Keys, number>;
}

function round(value: number, parts: number): number {
  return Math.round(value * parts) / parts;
}
