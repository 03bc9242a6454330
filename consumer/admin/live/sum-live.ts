import type { LiveReport } from '../../../proto/messages/live-report.ts';

// What the processes say of themselves, added up. Times are the hearer's own and only differences of them count: no two clocks
// are compared. Pure but for what it remembers.

/** One silent for so long adds nothing to a rate any more; and after that it is forgotten. */
export const SILENT_MS = 3000;
export const FORGOTTEN_MS = 10_000;
const WINDOW_MS = 10_000;
/**
 * A rate is of this second: long enough ago for everybody to have told of it, also one that is a little late. Pictures a second
 * apart then show everything once.
 */
export const DELAY_MS = 1200;
/** How much time one picture shows where its caller does not say. */
export const PICTURE_MS = 1000;
/** Reports closer than that were held up somewhere: what they tell happened in all of the time before. */
const TOGETHER_MS = 500;
const MAX_PROCESSES = 500;

export type LiveKind = LiveReport['kind'];

/** What was counted from one report to the next. */
type Span = { fromMs: number; untilMs: number; counts: Record<string, number> };
type Received = { report: LiveReport; atMs: number; spans: Span[] };
type Where = { kind?: LiveKind | undefined; name?: string | undefined };

export type LiveSums = {
  hear(report: LiveReport, nowMs: number): void;
  /** Forgets who was not heard for too long; the others, by kind and name. */
  list(nowMs: number): { report: LiveReport; ageMs: number }[];
  /** Rate per second of one count, over the `lengthMs` that ended DELAY_MS ago. */
  perSecond(key: string, where: Where, nowMs: number, lengthMs?: number): number;
  /** What the counts that begin with `prefix` have grown by in the last 10 s, by the rest of their names. */
  lately(prefix: string, where: Where, nowMs: number): Map<string, number>;
  level(key: string, nowMs: number): number;
};

const KINDS: readonly LiveKind[] = ['nginx', 'consumer', 'provider', 'order-worker'];

export function sumLive(): LiveSums {
  const processes = new Map<string, Received>();

  function forget(nowMs: number): void {
    for (const [name, { atMs }] of processes) if (nowMs - atMs > FORGOTTEN_MS) processes.delete(name);
  }

  function* receivedIn({ kind, name }: Where, nowMs: number): Generator<Received> {
    forget(nowMs);
    for (const heard of processes.values()) {
      const fits = (!kind || heard.report.kind === kind) && (!name || heard.report.name === name);
      if (fits && nowMs - heard.atMs <= SILENT_MS) yield heard;
    }
  }

  return {
    hear(report, nowMs) {
      forget(nowMs);
      const before = processes.get(report.name);
      if (!before && processes.size >= MAX_PROCESSES) return;
      const spans = before?.spans.filter(({ untilMs }) => nowMs - untilMs < WINDOW_MS) ?? [];
      // Of one that was not heard before nobody knows since when it counts.
      if (before) addSpan(spans, { fromMs: before.atMs, untilMs: nowMs, counts: grown(before.report, report) });
      processes.set(report.name, { report, atMs: nowMs, spans });
    },
    list(nowMs) {
      forget(nowMs);
      return [...processes.values()]
        .map(({ report, atMs }) => ({ report, ageMs: Math.round(nowMs - atMs) }))
        .sort((a, b) => rankOf(a.report) - rankOf(b.report) || (a.report.name < b.report.name ? -1 : 1));
    },
    perSecond(key, where, nowMs, lengthMs = PICTURE_MS) {
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

/** A process that was started anew has counted all it says since then. */
function grown(before: LiveReport, now: LiveReport): Record<string, number> {
  const from = before.startId === now.startId ? before.counts : {};
  const entries = Object.entries(now.counts).map(([key, value]) => [key, Math.max(0, value - (from[key] ?? 0))]);
  return Object.fromEntries(entries);
}

/** As if what was counted between two reports had happened evenly. */
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

/** A report that came with the one before it makes that one's time longer. */
function addSpan(spans: Span[], next: Span): void {
  const last = spans.at(-1);
  if (!last || next.untilMs - next.fromMs >= TOGETHER_MS) return void spans.push(next);
  last.untilMs = next.untilMs;
  for (const [key, value] of Object.entries(next.counts)) last.counts[key] = (last.counts[key] ?? 0) + value;
}

function rankOf({ kind }: LiveReport): number {
  return KINDS.indexOf(kind);
}

function addTo(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}
