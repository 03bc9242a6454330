import { auditBench, type BenchAudit } from './audit-bench.ts';
import type { BenchSystem } from './bench-system.ts';
import { runOpenLoop } from './generators/run-open-loop.ts';
import { MAX_PER_SECOND } from './generators/run-wrk.ts';
import { measureSlice } from './measure-slice.ts';
import { type BenchContext, runRounds, runScenario } from './run-rounds.ts';
import { bare, confirmed, type Scenario, type ScenarioName, scenarios, strategyScenarios } from './scenarios.ts';
import { type Comparison, compareRounds, type Figure, summarizeRounds } from './summarize-rounds.ts';
import { withBenchContext } from './with-bench-context.ts';

export type BenchOptions = {
  rounds: number;
  /** Seconds of each slice. */
  seconds: number;
  /** Of wrk. Undefined: those with the highest rates. */
  connections?: number | undefined;
  /** Seconds of each slice at a constant rate; 0: none. */
  openSeconds: number;
  withStrategies: boolean;
  processes: number;
};

export type OpenLoopFigure = {
  share: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
  failed: number;
};
type Ceiling = { connections: number; bare: number; confirmed: number };
export type BenchResult = Record<ScenarioName, Figure> & {
  environment: Record<string, unknown>;
  connections: Ceiling[];
  /** Entries compared with orders. */
  entriesToOrders: Record<'confirmed' | 'accepted', Comparison>;
  openLoop: OpenLoopFigure[];
  strategies: (Figure & { name: string })[];
  audit: BenchAudit;
};

const CONNECTIONS = [64, 256, 1024];
const SEARCH_SECONDS = 2;
/** On average over bare Fastify and orders. */
const BUYERS_PER_SECOND = 15_000;
const WRITES = new Set<string>(['confirmed', 'accepted', 'entries'] satisfies ScenarioName[]);
const OPEN_SHARES = [0.5, 0.8];
const MAX_STRATEGY_ROUNDS = 3;
const MAX_STRATEGY_CONNECTIONS = 256;

/** The whole measurement on a running system. Each figure is the median over the rounds. */
export async function runBench(
  system: BenchSystem,
  dir: string,
  options: BenchOptions,
  print: (line: string) => void,
): Promise<BenchResult> {
  const { processes } = options;
  return withBenchContext(system, { dir, buyers: countBuyers(options), print }, async (context, environment) => {
    const figures = await measure(context, options);
    return { environment: { ...environment, processes }, ...figures, audit: await auditBench(system, print) };
  });
}

/** Each buyer comes once: to bare Fastify, with an order that is decided or answered by 202, or with an entry. */
function countBuyers({ rounds, seconds, openSeconds }: BenchOptions): number {
  const ceilings = 2 * CONNECTIONS.length * SEARCH_SECONDS;
  const slices = 4 * rounds * seconds + 3 * Math.min(rounds, MAX_STRATEGY_ROUNDS) * seconds;
  return BUYERS_PER_SECOND * (ceilings + slices + openSeconds) + MAX_PER_SECOND * Math.max(seconds, SEARCH_SECONDS);
}

async function measure(
  context: BenchContext,
  options: BenchOptions,
): Promise<Omit<BenchResult, 'environment' | 'audit'>> {
  const connections = await findCeilings(
    context,
    options.connections === undefined ? CONNECTIONS : [options.connections],
  );
  const best = (name: 'bare' | 'confirmed') => connections.reduce((a, b) => (b[name] > a[name] ? b : a)).connections;
  const bestOf = { bare: best('bare'), confirmed: best('confirmed') };
  const rounds = await runRounds(context, [bare, ...scenarios], {
    ...options,
    connections: ({ name }) => (WRITES.has(name) ? bestOf.confirmed : bestOf.bare),
  });
  const bareRounds = rounds.get('bare') ?? [];
  const figures = Object.fromEntries([...rounds].map(([name, list]) => [name, summarizeRounds(list, bareRounds)]));
  const scenarioFigures = figures as Record<ScenarioName, Figure>;
  const openLoop = await runOpenLoops(context, scenarioFigures.confirmed.perSecond, options.openSeconds);
  const strategies = options.withStrategies ? await runStrategies(context, options, bestOf.bare) : [];
  const roundsOf = (name: ScenarioName) => rounds.get(name) ?? [];
  const entriesTo = (name: ScenarioName) => compareRounds(roundsOf('entries'), roundsOf(name));
  const entriesToOrders = { confirmed: entriesTo('confirmed'), accepted: entriesTo('accepted') };
  return { connections, ...scenarioFigures, entriesToOrders, openLoop, strategies };
}

/** The highest rates of bare Fastify and of orders by number of connections. Also warms up all processes. */
async function findCeilings(context: BenchContext, candidates: number[]): Promise<Ceiling[]> {
  const ceilings: Ceiling[] = [];
  for (const connections of candidates) {
    const rateOf = async (scenario: Scenario) =>
      (await runScenario(context, scenario, { connections, seconds: SEARCH_SECONDS })).perSecond;
    const ceiling = { connections, bare: await rateOf(bare), confirmed: await rateOf(confirmed) };
    ceilings.push(ceiling);
    context.print(`· ${connections} connections: bare ${ceiling.bare}/s, confirmed ${ceiling.confirmed}/s`);
  }
  return ceilings;
}

async function runOpenLoops(context: BenchContext, ceiling: number, seconds: number): Promise<OpenLoopFigure[]> {
  const { system, stocks, tokens, drain, print } = context;
  const figures: OpenLoopFigure[] = [];
  for (const share of seconds > 0 ? OPEN_SHARES : []) {
    const perSecond = Math.round(ceiling * share);
    const load = { url: confirmed.url(system), path: confirmed.path(stocks), perSecond, seconds, tokens };
    const { p50Ms, p99Ms, maxMs, refused, broken } = await measureSlice(system, () => runOpenLoop(load), drain);
    figures.push({ share, perSecond, p50Ms, p99Ms, maxMs, failed: refused + broken });
    print(`· ${perSecond}/s for ${seconds} s: p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${refused + broken} failed`);
  }
  return figures;
}

async function runStrategies(
  context: BenchContext,
  { rounds, seconds }: BenchOptions,
  maxConnections: number,
): Promise<BenchResult['strategies']> {
  const results = await runRounds(context, [bare, ...strategyScenarios], {
    rounds: Math.min(rounds, MAX_STRATEGY_ROUNDS),
    seconds,
    connections: () => Math.min(maxConnections, MAX_STRATEGY_CONNECTIONS),
  });
  const bareRounds = results.get('bare') ?? [];
  return strategyScenarios.map(({ name }) => ({ name, ...summarizeRounds(results.get(name) ?? [], bareRounds) }));
}
