import type { LiveReport } from '../../../proto/messages/live-report.ts';

// The sum of the reports of all processes. All times are those of the receiver's clock: no two clocks are compared.

/** A process without a report for SILENT_MS does not count in rates; after FORGOTTEN_MS it is removed. */
export const SILENT_MS = 3000;
export const FORGOTTEN_MS = 10_000;
const WINDOW_MS = 10_000;
/** A rate covers a period that ended this long ago, so that reports of all processes have arrived, slightly late ones included. */
export const DELAY_MS = 1200;
/** Default length of the period of a rate. */
export const PERIOD_MS = 1000;
/** Reports closer than this were delayed: their counts belong to the whole time since the report before. */
const MIN_SPAN_MS = 500;
const MAX_PROCESSES = 500;

export type LiveKind = LiveReport['kind'];

/** The counts between two reports. */
type Span = { fromMs: number; untilMs: number; counts: Record<string, number> };
type Received = { report: LiveReport; atMs: number; spans: Span[] };
type Where = { kind?: LiveKind | undefined; name?: string | undefined };

export type LiveSums = {
  add(report: LiveReport, nowMs: number): void;
  /** All processes that are not forgotten, by kind and name. */
  list(nowMs: number): { report: LiveReport; ageMs: number }[];
  /** Rate per second of one count, over the `lengthMs` that ended DELAY_MS ago. */
  perSecond(key: string, where: Where, nowMs: number, lengthMs?: number): number;
  /** Growth in the last 10 s of all counts whose names start with `prefix`, by the rest of their names. */
  lately(prefix: string, where: Where, nowMs: number): Map<string, number>;
  level(key: string, nowMs: number): number;
};

const KINDS: readonly LiveKind[] = ['nginx', 'consumer', 'provider', 'order-worker'];

export function createLiveSums(): LiveSums {
  const processes = new Map<string, Received>();

  function forget(nowMs: number): void {
    for (const [name, { atMs }] of processes) if (nowMs - atMs > FORGOTTEN_MS) processes.delete(name);
  }

  function* receivedIn({ kind, name }: Where, nowMs: number): Generator<Received> {
    forget(nowMs);
    for (const received of processes.values()) {
      const matches = (!kind || received.report.kind === kind) && (!name || received.report.name === name);
      if (matches && nowMs - received.atMs <= SILENT_MS) yield received;
    }
  }

  return {
    add(report, nowMs) {
      forget(nowMs);
      const before = processes.get(report.name);
      if (!before && processes.size >= MAX_PROCESSES) return;
      const spans = before?.spans.filter(({ untilMs }) => nowMs - untilMs < WINDOW_MS) ?? [];
      // The first report of a process is only a baseline: the start of its counts is unknown.
      if (before) addSpan(spans, { fromMs: before.atMs, untilMs: nowMs, counts: grown(before.report, report) });
      processes.set(report.name, { report, atMs: nowMs, spans });
    },
    list(nowMs) {
      forget(nowMs);
      return [...processes.values()]
        .map(({ report, atMs }) => ({ report, ageMs: Math.round(nowMs - atMs) }))
        .sort((a, b) => rankOf(a.report) - rankOf(b.report) || (a.report.name < b.report.name ? -1 : 1));
    },
    perSecond(key, where, nowMs, lengthMs = PERIOD_MS) {
      let sum = 0;
      for (const { spans } of receivedIn(where, nowMs)) sum += rateOf(spans, key, nowMs, lengthMs);
      return sum;
    },
    lately(prefix, where, nowMs) {
      const sums = new Map<string, number>();
      for (const { spans } of receivedIn(where, nowMs)) {
        for (const { untilMs, counts } of spans) {
          if (nowMs - untilMs >= WINDOW_MS) continue;
          for (const [key, value] of Object.entries(counts)) {
            if (key.startsWith(prefix)) addTo(sums, key.slice(prefix.length), value);
          }
        }
      }
      return sums;
    },
    level(key, nowMs) {
      let sum = 0;
      for (const { report } of receivedIn({}, nowMs)) sum += report.levels[key] ?? 0;
      return sum;
    },
  };
}

/** The growth of the counts. A restarted process counts from 0. */
function grown(before: LiveReport, now: LiveReport): Record<string, number> {
  const from = before.startId === now.startId ? before.counts : {};
  const entries = Object.entries(now.counts).map(([key, value]) => [key, Math.max(0, value - (from[key] ?? 0))]);
  return Object.fromEntries(entries);
}

/** Assumes that the counts between two reports are evenly distributed. */
function rateOf(spans: Span[], key: string, nowMs: number, lengthMs: number): number {
  const untilMs = nowMs - DELAY_MS;
  const fromMs = untilMs - lengthMs;
  let counted = 0;
  for (const span of spans) {
    const sharedMs = Math.min(span.untilMs, untilMs) - Math.max(span.fromMs, fromMs);
    if (sharedMs > 0) counted += ((span.counts[key] ?? 0) * sharedMs) / (span.untilMs - span.fromMs);
  }
  return (counted * 1000) / lengthMs;
}

/** Merges a report into the previous span when it arrived right after it. */
function addSpan(spans: Span[], next: Span): void {
  const last = spans.at(-1);
  if (!last || next.untilMs - next.fromMs >= MIN_SPAN_MS) return void spans.push(next);
  last.untilMs = next.untilMs;
  for (const [key, value] of Object.entries(next.counts)) last.counts[key] = (last.counts[key] ?? 0) + value;
}

function rankOf({ kind }: LiveReport): number {
  return KINDS.indexOf(kind);
}

function addTo(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}
