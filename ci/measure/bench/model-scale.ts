import type { BuyersFigures } from '../../verify/sale/buyers/measure-buyers.ts';
import { groupCpu } from './bench-table.ts';
import type { BenchResult } from './run-bench.ts';
import type { Figure } from './summarize-rounds.ts';

/** What the model needs of a bench's result. */
export type Measured = Pick<BenchResult, (typeof SCENARIOS)[number]> & {
  environment: Record<string, unknown>;
  strategies: BenchResult['strategies'];
};
/** A sale's result, as far as it tells what a crowd was answered and what that cost. */
export type MeasuredLoad = {
  buyers: number;
  units: number;
  requests: number;
  crowd: Pick<BuyersFigures, 'answeredSeconds' | 'answers' | 'rows' | 'processes'>;
};
export type Load = { buyers: number; seconds: number; units: number };

type PartName = 'nginx' | 'consumer' | 'provider' | 'order-worker' | 'redis' | 'kafka' | 'mariadb';
type Part = {
  part: PartName;
  /** Whether one process of it uses one core only. */
  isSingle: boolean;
  /** Whether several can share the work of one stock: its limiter's keys are in one slot of Redis, its orders in one partition. */
  sharesStock: boolean;
};

export const PARTS: Part[] = [
  { part: 'nginx', isSingle: true, sharesStock: true },
  { part: 'consumer', isSingle: true, sharesStock: true },
  { part: 'provider', isSingle: true, sharesStock: true },
  { part: 'order-worker', isSingle: true, sharesStock: false },
  { part: 'redis', isSingle: true, sharesStock: false },
  { part: 'kafka', isSingle: false, sharesStock: false },
  { part: 'mariadb', isSingle: false, sharesStock: false },
];
/** Of which the bench ran as many as it was told. */
const REPLICATED = new Set<PartName>(['consumer', 'provider', 'order-worker']);
const SCENARIOS = ['bare', 'confirmed', 'accepted', 'soldOut', 'soldOutUncached', 'reads'] as const;
/** For how long nginx keeps the refusal of a stock. */
const CACHED_MS = 1000;

export type PartNeed = Part & {
  us: number;
  /** Cores that it takes, of each of which so much is used as is aimed at. */
  cores: number;
  /** Requests a second that one process (or one core, where a process uses several) serves so; Infinity: it costs nothing. */
  onePerSecond: number;
};
export type Need = {
  perSecond: number;
  shares: Shares;
  parts: PartNeed[];
  /** What the parts that cannot share a stock's work let it sell or refuse, and how many stocks the rate takes. */
  oneStockPerSecond: number;
  stocks: number;
  /** Until a refusal is in nginx's cache everybody is answered by consumers: so many of them answer at this rate. */
  consumersAtFirst: number;
};
/** The share of the requests that costs as much as those of a scenario. */
export type Shares = { confirmed: number; soldOutUncached: number; soldOut: number };

/** What a crowd that comes evenly takes, if each core is to be busy for `utilisation` of the time. */
export function modelScale(measured: Measured, { buyers, seconds, units }: Load, utilisation: number): Need {
  const perSecond = buyers / seconds;
  const shares = shareOut(measured, buyers, units);
  const us = mix(measured, shares);
  const parts = PARTS.map((part): PartNeed => {
    const cost = us[part.part];
    return {
      ...part,
      us: cost,
      cores: (perSecond * cost) / 1e6 / utilisation,
      onePerSecond: (utilisation * 1e6) / cost,
    };
  });
  const bound = parts.filter(({ isSingle, sharesStock }) => isSingle && !sharesStock);
  const oneStockPerSecond = Math.min(...bound.map(({ onePerSecond }) => onePerSecond));
  const atFirst = mix(measured, { confirmed: 0, soldOutUncached: 1, soldOut: 0 });
  return {
    perSecond,
    shares,
    parts,
    oneStockPerSecond,
    stocks: Math.ceil(perSecond / oneStockPerSecond),
    consumersAtFirst: Math.ceil((perSecond * atFirst.consumer) / 1e6 / utilisation),
  };
}

/** Once a second the cached refusal ends; whoever comes until the next one is there goes on to a consumer. */
function shareOut({ soldOutUncached }: Measured, buyers: number, units: number): Shares {
  const confirmed = Math.min(1, units / buyers);
  const passed = Math.min(1, soldOutUncached.p50Ms / CACHED_MS);
  return {
    confirmed,
    soldOutUncached: (1 - confirmed) * passed,
    soldOut: (1 - confirmed) * (1 - passed),
  };
}

/** Cores that each part takes while nothing is asked of it: what it took while bare Fastify alone had work. */
function idleCores({ bare }: Measured): Map<PartName, number> {
  const cost = groupCpu(bare.cpuUsPerRequest);
  return new Map(PARTS.map(({ part }) => [part, part === 'nginx' ? 0 : (cost[part] * bare.perSecond) / 1e6]));
}

/** Microseconds for each request of such a mix, without what the parts take idly. */
function mix(measured: Measured, shares: Shares): Record<PartName, number> {
  const idle = idleCores(measured);
  const costs = PARTS.map(({ part }) => {
    const ofScenario = ([name, share]: [string, number]) => {
      const { cpuUsPerRequest, perSecond } = measured[name as keyof Shares];
      return share * Math.max(0, groupCpu(cpuUsPerRequest)[part] - ((idle.get(part) ?? 0) * 1e6) / perSecond);
    };
    return [part, sum(Object.entries(shares).map(ofScenario))] as const;
  });
  return Object.fromEntries(costs) as Record<PartName, number>;
}

const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);

export type Check = { name: string; predicted: number; measured: number; error: number };

/** What each scenario's CPU time allows on the cores there were, beside what it did: whether CPU time is all that limits. */
export function checkCeilings(measured: Measured): Check[] {
  const cores = Number(measured.environment.cores);
  const figures: [string, Figure][] = [
    ...SCENARIOS.map((name) => [name, measured[name]] as [string, Figure]),
    ...measured.strategies.map((one) => [one.rung, one] as [string, Figure]),
  ];
  return figures.map(([name, { cpuUsPerRequest, perSecond }]) => {
    return compare(name, (cores * 1e6) / sum(Object.values(groupCpu(cpuUsPerRequest))), perSecond);
  });
}

/**
 * CPU seconds of each part, and the seconds of the whole, that a crowd's answers predict, beside what was measured. What the crowd
 * itself cost is taken as it was measured, for the bench has another one, and it is one thread: it cannot be over any sooner.
 */
export function checkLoad(measured: Measured, { requests, crowd }: MeasuredLoad): Check[] {
  const { answers, rows, processes, answeredSeconds } = crowd;
  if (!processes) throw new Error('the sale was not on the machine that was asked');
  const cached = sum([...Object.values(answers.cache ?? {}), ...Object.values(answers.nginx ?? {})]);
  // Each row was decided, whatever came of it.
  const shares = { confirmed: rows, soldOutUncached: Math.max(0, requests - cached - rows), soldOut: cached };
  const work = mix(measured, shares);
  const idle = idleCores(measured);
  const spent = groupCpu(Object.fromEntries(Object.entries(processes).map(([name, use]) => [name, use.cpuSeconds])));
  const idleOf = (part: PartName) => {
    const there = Object.keys(processes).filter((name) => name === part || name.startsWith(`${part}-`)).length;
    return ((idle.get(part) ?? 0) * there) / (REPLICATED.has(part) ? Number(measured.environment.processes) : 1);
  };
  const parts = PARTS.map(({ part }) => compare(part, work[part] / 1e6 + idleOf(part) * answeredSeconds, spent[part]));
  const loadSeconds = processes.sale?.cpuSeconds ?? 0;
  const workSeconds = sum(Object.values(work)) / 1e6 + loadSeconds;
  const coresLeft = Number(measured.environment.cores) - sum(PARTS.map(({ part }) => idleOf(part)));
  return [...parts, compare('seconds', Math.max(loadSeconds, workSeconds / coresLeft), answeredSeconds)];
}

function compare(name: string, predicted: number, measured: number): Check {
  return { name, predicted, measured, error: predicted / measured - 1 };
}
