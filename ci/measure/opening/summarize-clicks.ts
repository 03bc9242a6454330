import { percentile } from '../../command/percentile.ts';
import type { ClickPlan, ClickTimes } from './clicks/send-clicks.ts';

export type ClickSummary = {
  /** Milliseconds from the moment at which a click was due to its answer; an answer that never came counts as the deadline. */
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  /** Answers by status; 0: none. */
  statuses: Record<string, number>;
  /** Answers within each 100 ms since the first click. */
  answersPer100Ms: number[];
};

export const SLOT_MS = 100;

type Plan = Pick<ClickPlan, 'clicks' | 'spreadMs' | 'deadlineMs'>;

export function summarizeClicks({ answeredMs, statuses }: ClickTimes, plan: Plan): ClickSummary {
  const { clicks, spreadMs, deadlineMs } = plan;
  const counts: Record<string, number> = {};
  const slots: number[] = [];
  const latencies = new Float64Array(clicks);
  for (let click = 0; click < clicks; click += 1) {
    const [status = 0, atMs = Number.NaN] = [statuses[click], answeredMs[click]];
    counts[status] = (counts[status] ?? 0) + 1;
    latencies[click] = status === 0 ? deadlineMs : atMs - (click * spreadMs) / clicks;
    if (status === 0) continue;
    const slot = Math.floor(atMs / SLOT_MS);
    while (slots.length <= slot) slots.push(0);
    slots[slot] = (slots[slot] ?? 0) + 1;
  }
  latencies.sort();
  const [p50Ms, p99Ms, maxMs] = [0.5, 0.99, 1].map((share) => percentile(latencies, share));
  return { p50Ms: p50Ms ?? 0, p99Ms: p99Ms ?? 0, maxMs: maxMs ?? 0, statuses: counts, answersPer100Ms: slots };
}
