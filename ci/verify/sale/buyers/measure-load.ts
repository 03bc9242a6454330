import type { BuyersProgress } from './run-buyers.ts';
import type { ProcessUse } from './watch-processes.ts';

/** How fast the buyers arrived and were answered, by which component, and what it cost. */
export type LoadFigures = {
  /** All buyers were to arrive within this time. */
  rushSeconds: number;
  /** From the opening to the last outcome, and to the last first confirmation of a buyer. */
  answeredSeconds: number;
  soldSeconds: number;
  /** From the first request to the last answer. */
  requestsPerSecond: number;
  /** Counts by component and status; 0: no response. */
  answers: Record<string, Record<string, number>>;
  /** Orders of the stock, including those decided as sold out. */
  rows: number;
  /** During the load; undefined if the system runs on another machine. */
  processes: Record<string, ProcessUse> | undefined;
};

type SaleFacts = Pick<LoadFigures, 'rushSeconds' | 'rows' | 'processes'> & { openedMs: number };

export function measureLoad(
  progress: BuyersProgress,
  { openedMs, rushSeconds, rows, processes }: SaleFacts,
): LoadFigures {
  const { requests, firstSentMs, lastAnsweredMs, lastConfirmedMs, answers } = progress;
  const seconds = (ms: number) => Number((Math.max(0, ms) / 1000).toFixed(2));
  return {
    rushSeconds,
    answeredSeconds: seconds(lastAnsweredMs - openedMs),
    soldSeconds: seconds(lastConfirmedMs - openedMs),
    requestsPerSecond: Math.round((requests * 1000) / Math.max(1, lastAnsweredMs - firstSentMs)),
    answers: Object.fromEntries([...answers].map(([by, counts]) => [by, Object.fromEntries(counts)])),
    rows,
    processes,
  };
}

/** The number of responses by status. */
export function describeAnswers(answers: LoadFigures['answers']): string {
  const sums = new Map<string, number>();
  for (const counts of Object.values(answers)) {
    for (const [status, n] of Object.entries(counts)) sums.set(status, (sums.get(status) ?? 0) + n);
  }
  return describeCounts(Object.fromEntries(sums));
}

export function describeLoad(figures: LoadFigures): string[] {
  const { rushSeconds, answeredSeconds, soldSeconds, requestsPerSecond, answers, rows, processes } = figures;
  const by = Object.entries(answers).filter(([name]) => name !== 'none');
  const lines = [
    `All buyers arrived within ${rushSeconds} s. The last unit was confirmed after ${soldSeconds} s, the last buyer answered after ` +
      `${answeredSeconds} s; ${requestsPerSecond} requests per second, ${rows} rows.`,
    `Answered by: ${by.map(([name, counts]) => `${name} ${describeCounts(counts)}`).join('; ')}.`,
  ];
  const uses = Object.entries(processes ?? {}).map(([name, use]) => `${name} ${use.cpuSeconds} s ${use.memoryMb} MB`);
  if (uses.length > 0) lines.push(`CPU seconds and peak MB: ${uses.join(', ')}.`);
  return lines;
}

function describeCounts(counts: Record<string, number>): string {
  const sorted = Object.entries(counts).sort(([a], [b]) => Number(a) - Number(b));
  return sorted.map(([status, n]) => `${status === '0' ? 'none' : status} × ${n}`).join(', ');
}
