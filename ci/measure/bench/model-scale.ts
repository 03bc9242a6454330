import type { LoadFigures } from '../../verify/sale/buyers/measure-load.ts';
import { groupCpu, listFigures } from './bench-table.ts';
import type { BenchResult } from './run-bench.ts';
import type { ScenarioName } from './scenarios.ts';

/** The part of a bench result that the model uses. */
export type Measured = Pick<BenchResult, ScenarioName | 'environment' | 'strategies'>;
/** The part of a sale's result that is compared with the model. */
export type MeasuredLoad = {
  buyers: number;
  units: number;
  requests: number;
  load: Pick<LoadFigures, 'answeredSeconds' | 'answers' | 'rows' | 'processes'>;
};
export type Load = { buyers: number; seconds: number; units: number };

type PartName = 'nginx' | 'consumer' | 'provider' | 'order-worker' | 'redis' | 'kafka' | 'mariadb';
type Part = {
  part: PartName;
  /** Whether one process uses one core only. */
  isSingle: boolean;
  /** Whether several processes can share the work of one stock. Its limiter's keys are in one slot of Redis, its orders in one partition. */
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
/** The bench ran `environment.processes` of each. */
const REPLICATED = new Set<PartName>(['consumer', 'provider', 'order-worker']);
/** For how long nginx caches the refusal of a stock. */
const CACHED_MS = 1000;

export type PartNeed = Part & {
  us: number;
  /** Cores at the given utilisation. */
  cores: number;
  /** Requests per second of one process (or of one core if a process uses several); Infinity without cost. */
  perProcess: number;
};
export type Need = {
  perSecond: number;
  shares: Shares;
  parts: PartNeed[];
  /** The rate at which the parts that cannot share a stock's work decide one stock, and the number of stocks for the whole rate. */
  oneStockPerSecond: number;
  stocks: number;
  /** Consumers that answer the whole rate until nginx has cached the first refusal. */
  consumersAtFirst: number;
};
/** The shares of the requests that cost as much as those of a scenario. */
export type Shares = { confirmed: number; soldOutUncached: number; soldOut: number };

/** Processes and cores for a load that arrives evenly, if each core is busy for `utilisation` of the time. */
export function modelScale(measured: Measured, { buyers, seconds, units }: Load, utilisation: number): Need {
  const perSecond = buyers / seconds;
  const shares = shareOut(measured, buyers, units);
  const costs = mix(measured, shares);
  const parts = PARTS.map((part): PartNeed => {
    const us = costs[part.part];
    return { ...part, us, cores: (perSecond * us) / 1e6 / utilisation, perProcess: (utilisation * 1e6) / us };
  });
  const bound = parts.filter(({ isSingle, sharesStock }) => isSingle && !sharesStock);
  const oneStockPerSecond = Math.min(...bound.map(({ perProcess }) => perProcess));
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

/** The cached refusal expires every second; requests reach a consumer until the next one is cached. */
function shareOut({ soldOutUncached }: Measured, buyers: number, units: number): Shares {
  const confirmed = Math.min(1, units / buyers);
  const uncached = Math.min(1, soldOutUncached.p50Ms / CACHED_MS);
  return { confirmed, soldOutUncached: (1 - confirmed) * uncached, soldOut: (1 - confirmed) * (1 - uncached) };
}

/** Cores that an idle part uses, measured while only bare Fastify has work. */
function idleCores({ bare }: Measured): Map<PartName, number> {
  const cost = groupCpu(bare.cpuUsPerRequest);
  return new Map(PARTS.map(({ part }) => [part, part === 'nginx' ? 0 : (cost[part] * bare.perSecond) / 1e6]));
}

/** Microseconds per request of such a mix, without the idle cost. */
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

/** The rate that the CPU time of each scenario allows on the measured cores, and the measured rate. */
export function checkCeilings(measured: Measured): Check[] {
  const cores = Number(measured.environment.cores);
  return listFigures(measured).map(([name, { cpuUsPerRequest, perSecond }]) => {
    return compare(name, (cores * 1e6) / sum(Object.values(groupCpu(cpuUsPerRequest))), perSecond);
  });
}

/**
 * CPU seconds of each part and the duration of a sale: predicted from its answers, and measured. The CPU time of the load generator is
 * taken as measured, because it is not the bench's; the generator is one thread, so the sale takes at least that long.
 */
export function checkLoad(measured: Measured, { requests, load }: MeasuredLoad): Check[] {
  const { answers, rows, processes, answeredSeconds } = load;
  if (!processes) throw new Error('the sale was not measured on the machine of the system');
  const cached = sum([...Object.values(answers.cache ?? {}), ...Object.values(answers.nginx ?? {})]);
  // Each row costs as much as a confirmed order, whatever its decision.
  const work = mix(measured, {
    confirmed: rows,
    soldOutUncached: Math.max(0, requests - cached - rows),
    soldOut: cached,
  });
  const idle = idleCores(measured);
  const spent = groupCpu(Object.fromEntries(Object.entries(processes).map(([name, use]) => [name, use.cpuSeconds])));
  const idleOf = (part: PartName) => {
    const count = Object.keys(processes).filter((name) => name === part || name.startsWith(`${part}-`)).length;
    return ((idle.get(part) ?? 0) * count) / (REPLICATED.has(part) ? Number(measured.environment.processes) : 1);
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
