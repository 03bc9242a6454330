import type { ProcessUse } from '../watch-processes.ts';
import type { BuyersProgress } from './run-buyers.ts';

/** How fast a crowd came and was answered, by whom, and what it cost. */
export type BuyersFigures = {
  /** In which all were to come. */
  rushSeconds: number;
  /** From the opening until the last buyer knew the outcome, and until the last unit's buyer did. */
  answeredSeconds: number;
  soldSeconds: number;
  /** From the first one to the last answer. */
  requestsPerSecond: number;
  /** By whom and with which status; 0: no answer. */
  answers: Record<string, Record<string, number>>;
  /** Orders of the stock, also those that were decided to be sold out. */
  rows: number;
  /** While the crowd was there; undefined: of another machine. */
  processes: Record<string, ProcessUse> | undefined;
};

type Rest = Pick<BuyersFigures, 'rushSeconds' | 'rows' | 'processes'> & { openedMs: number };

export function measureBuyers(
  progress: BuyersProgress,
  { openedMs, rushSeconds, rows, processes }: Rest,
): BuyersFigures {
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

/** How often each status answered, whoever it came from. */
export function describeAnswers(answers: BuyersFigures['answers']): string {
  const sums = new Map<string, number>();
  for (const counts of Object.values(answers)) {
    for (const [status, n] of Object.entries(counts)) sums.set(status, (sums.get(status) ?? 0) + n);
  }
  return describeCounts(Object.fromEntries(sums));
}

/** Lines for people. */
export function describeBuyers(figures: BuyersFigures): string[] {
  const { rushSeconds, answeredSeconds, soldSeconds, requestsPerSecond, answers, rows, processes } = figures;
  const by = Object.entries(answers).filter(([name]) => name !== 'nobody');
  const uses = Object.entries(processes ?? {});
  return [
    `They came within ${rushSeconds} s. The last unit's buyer knew after ${soldSeconds} s, everybody after ${answeredSeconds} s; ` +
      `${requestsPerSecond} requests a second, ${rows} rows.`,
    `Answered by: ${by.map(([name, counts]) => `${name} ${describeCounts(counts)}`).join('; ')}.`,
    ...(uses.length > 0
      ? [
          'CPU seconds and most MB: ' +
            `${uses.map(([name, { cpuSeconds, memoryMb }]) => `${name} ${cpuSeconds} s ${memoryMb} MB`).join(', ')}.`,
        ]
      : []),
  ];
}

function describeCounts(counts: Record<string, number>): string {
  const sorted = Object.entries(counts).sort(([a], [b]) => Number(a) - Number(b));
  return sorted.map(([status, n]) => `${status === '0' ? 'none' : status} × ${n}`).join(', ');
}
