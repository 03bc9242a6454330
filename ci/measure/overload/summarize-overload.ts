import { percentile } from '../../command/percentile.ts';
import { median } from '../bench/summarize-rounds.ts';
import type { ClickTimes } from '../opening/clicks/send-clicks.ts';

/** Confirmed orders a second of a closed loop, and the cores that its load generator used. */
export type Ceiling = { perSecond: number; loadCores: number };

export type OverloadStep = {
  /** How many times the ceiling the clicks were due. */
  times: number;
  duePerSecond: number;
  /** Less than what was due where the load generator, or its number of connections, was the limit. */
  sentPerSecond: number;
  /** Answers 201 a second, from one second after the start to the end of the clicks. */
  confirmedPerSecond: number;
  /** To the ceiling. */
  goodput: number;
  /** The same, each per core that the load left to the system. */
  goodputPerCore: number;
  /** Of the confirmed, from the moment at which each click was due. */
  p50Ms: number;
  p99Ms: number;
  /** Shares of the sent clicks: 201, 202, 429 or 503, 502 or 504 of nginx, no answer, and all others. */
  confirmed: number;
  accepted: number;
  refused: number;
  gateway: number;
  unanswered: number;
  others: number;
  loadCores: number;
  cpuUsPerClick: number;
  otherWorkPercent: number;
};

export type StepPlan = { times: number; clicks: number; spreadMs: number; cores: number };

const SKIPPED_MS = 1000;

/** The figures of one step that come from its clicks. */
export function summarizeStep(
  clicked: ClickTimes,
  { times, clicks, spreadMs, cores }: StepPlan,
  ceiling: Ceiling,
): Omit<OverloadStep, 'cpuUsPerClick' | 'otherWorkPercent'> {
  const counts = { confirmed: 0, accepted: 0, refused: 0, gateway: 0, unanswered: 0, others: 0 };
  const latencies: number[] = [];
  let [sent, sentInTime, inWindow] = [0, 0, 0];
  for (let click = 0; click < clicks; click += 1) {
    const [sentMs = Number.NaN, atMs = Number.NaN, status = 0] = [
      clicked.sentMs[click],
      clicked.answeredMs[click],
      clicked.statuses[click],
    ];
    if (Number.isNaN(sentMs)) continue;
    sent += 1;
    if (sentMs <= spreadMs) sentInTime += 1;
    counts[kindOf(status)] += 1;
    if (status !== 201) continue;
    latencies.push(atMs - (click * spreadMs) / clicks);
    if (atMs >= SKIPPED_MS && atMs < spreadMs) inWindow += 1;
  }
  const sorted = Float64Array.from(latencies).sort();
  const share = (count: number) => round(count / Math.max(1, sent), 4);
  const confirmedPerSecond = (inWindow * 1000) / (spreadMs - SKIPPED_MS);
  const goodput = confirmedPerSecond / ceiling.perSecond;
  const loadCores = clicked.sendingCpuMs / spreadMs;
  return {
    times,
    duePerSecond: Math.round((clicks * 1000) / spreadMs),
    sentPerSecond: Math.round((sentInTime * 1000) / spreadMs),
    confirmedPerSecond: Math.round(confirmedPerSecond),
    goodput: round(goodput, 3),
    goodputPerCore: round((goodput * (cores - ceiling.loadCores)) / Math.max(0.01, cores - loadCores), 3),
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    confirmed: share(counts.confirmed),
    accepted: share(counts.accepted),
    refused: share(counts.refused),
    gateway: share(counts.gateway),
    unanswered: share(counts.unanswered),
    others: share(counts.others),
    loadCores: round(loadCores, 2),
  };
}

function kindOf(status: number) {
  switch (status) {
    case 0:
      return 'unanswered';
    case 201:
      return 'confirmed';
    case 202:
      return 'accepted';
    case 429:
    case 503:
      return 'refused';
    case 502:
    case 504:
      return 'gateway';
    default:
      return 'others';
  }
}

/** The median of each figure over the rounds, step by step. */
export function summarizeRoundsOfSteps(rounds: OverloadStep[][]): OverloadStep[] {
  return (rounds[0] ?? []).map((first, at) => {
    const names = Object.keys(first) as (keyof OverloadStep)[];
    const medianOf = (name: keyof OverloadStep) => median(rounds.map((steps) => steps[at]?.[name] ?? 0));
    return Object.fromEntries(names.map((name) => [name, round(medianOf(name), 4)])) as OverloadStep;
  });
}

const round = (value: number, digits: number) => Number(value.toFixed(digits));
