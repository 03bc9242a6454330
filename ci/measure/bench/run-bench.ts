import path from 'node:path';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase } from '../../../db/mysql/database.ts';
import { connectRedis } from '../../../db/redis/connect-redis.ts';
import { startLagReader } from '../../../proto/kafka/kafka.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { describeEnvironment } from '../../command/describe-environment.ts';
import { waitUntil } from '../../command/wait-until.ts';
import { auditSystem } from '../../ops/audit/audit-system.ts';
import type { BenchSystem } from './bench-system.ts';
import { drainLog } from './drain-log.ts';
import type { Generator } from './generators/choose-generator.ts';
import { runOpenLoop } from './generators/run-open-loop.ts';
import { MAX_PER_SECOND } from './generators/run-wrk.ts';
import { writeTokens } from './generators/write-tokens.ts';
import { makeStocks } from './make-stocks.ts';
import { measureSlice } from './measure-slice.ts';
import { type BenchContext, runRounds, runScenario } from './run-rounds.ts';
import { bare, confirmed, type Scenario, scenarios, strategyScenarios } from './scenarios.ts';
import { type Figure, summarizeRounds } from './summarize-rounds.ts';

export type BenchOptions = {
  rounds: number;
  /** Of each slice. */
  seconds: number;
  /** Of each open loop; 0: none. */
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
export type BenchResult = {
  environment: Record<string, unknown>;
  connections: { connections: number; bare: number; confirmed: number }[];
  bare: Figure;
  confirmed: Figure;
  accepted: Figure;
  soldOut: Figure;
  soldOutUncached: Figure;
  reads: Figure;
  openLoop: OpenLoopFigure[];
  strategies: (Figure & { rung: string })[];
  audit: { ok: boolean; stocks: number; checks: number; records: number; broken: string[] };
};

const CONNECTIONS = [64, 256, 1024];
const SEARCH_SECONDS = 2;
/** On average over bare Fastify and orders. */
const BUYERS_PER_SECOND = 15_000;
const OPEN_SHARES = [0.5, 0.8];
const REDIS_LIMIT_MS = 5000;

/** The whole measurement on a system that is up. Each figure is the median over the rounds. */
export async function runBench(
  system: BenchSystem,
  generator: Generator,
  dir: string,
  options: BenchOptions,
  print: (line: string) => void,
): Promise<BenchResult> {
  const logger = createLogger('bench', 'silent');
  const mysql = connectMysql({ url: system.mysqlUrl, maxConnections: 1, acquireDeadlineMs: 5000 });
  const redis = connectRedis({ REDIS_URL: system.redisAdminUrl, REDIS_PREFIX: system.redisPrefix }, logger);
  const topics = topicNames(system.topicPrefix);
  const kafka = { brokers: system.kafkaBrokers.split(','), clientId: 'bench', logger };
  const lag = startLagReader(kafka, topics.orders, topics.workerGroup);
  const drain = () => drainLog(lag);
  try {
    await waitUntil('Redis', async () => void (await redis.ping()), { limitMs: REDIS_LIMIT_MS });
    const stocks = await makeStocks(createDatabase({ mysql, statementMs: 5000 }), redis);
    const tokens = await writeTokens(path.join(dir, 'tokens'), system.secrets.JWT_SECRET, countBuyers(options));
    print(`· ${tokens.lines} buyers have their tokens`);
    const parts = { system, generator, stocks, tokens, drain, print };
    const connections = await findCeilings(parts);
    const best = (name: 'bare' | 'confirmed') => connections.reduce((a, b) => (b[name] > a[name] ? b : a)).connections;
    const of = { bare: best('bare'), confirmed: best('confirmed') };
    const results = await runRounds(parts, [bare, ...scenarios], {
      ...options,
      connections: ({ name }) => (name === 'confirmed' || name === 'accepted' ? of.confirmed : of.bare),
    });
    const bareRounds = results.get('bare') ?? [];
    const figure = (name: string) => summarizeRounds(results.get(name) ?? [], bareRounds);
    const ceiling = figure('confirmed').perSecond;
    const openLoop = await runOpenLoops(parts, ceiling, options.openSeconds);
    const strategies = options.withStrategies ? await runStrategies(parts, options, of.bare) : [];
    return {
      environment: { ...(await describeEnvironment(mysql)), processes: options.processes, generator: generator.name },
      connections,
      bare: figure('bare'),
      confirmed: figure('confirmed'),
      accepted: figure('accepted'),
      soldOut: figure('soldOut'),
      soldOutUncached: figure('soldOutUncached'),
      reads: figure('reads'),
      openLoop,
      strategies,
      audit: await auditBench(system, print),
    };
  } finally {
    redis.destroy();
    await Promise.allSettled([lag.close(), mysql.destroy()]);
  }
}

/** Whoever has bought cannot buy again, so everybody comes once: to bare Fastify, to buy, and to be told 202. */
function countBuyers({ rounds, seconds, openSeconds }: BenchOptions): number {
  const slices = 2 * CONNECTIONS.length * SEARCH_SECONDS + 3 * rounds * seconds + 3 * Math.min(rounds, 3) * seconds;
  return BUYERS_PER_SECOND * (slices + openSeconds) + MAX_PER_SECOND * Math.max(seconds, SEARCH_SECONDS);
}

/** The most of bare Fastify and of orders, over numbers of connections. Also warms everything up. */
async function findCeilings(parts: BenchContext): Promise<BenchResult['connections']> {
  const found: BenchResult['connections'] = [];
  for (const connections of CONNECTIONS) {
    const measure = async (scenario: Scenario) =>
      (await runScenario(parts, scenario, { connections, seconds: SEARCH_SECONDS })).perSecond;
    const one = { connections, bare: await measure(bare), confirmed: await measure(confirmed) };
    found.push(one);
    parts.print(`· ${connections} connections: bare ${one.bare}, confirmed ${one.confirmed} a second`);
  }
  return found;
}

async function runOpenLoops(parts: BenchContext, ceiling: number, seconds: number): Promise<OpenLoopFigure[]> {
  const { system, stocks, tokens, drain, print } = parts;
  const figures: OpenLoopFigure[] = [];
  for (const share of seconds > 0 ? OPEN_SHARES : []) {
    const perSecond = Math.round(ceiling * share);
    const load = { url: confirmed.url(system), path: confirmed.path(stocks), perSecond, seconds, tokens };
    const { p50Ms, p99Ms, maxMs, refused, broken } = await measureSlice(system, () => runOpenLoop(load), drain);
    figures.push({ share, perSecond, p50Ms, p99Ms, maxMs, failed: refused + broken });
    print(`· ${perSecond} a second for ${seconds} s: p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${refused + broken} failed`);
  }
  return figures;
}

async function runStrategies(
  parts: BenchContext,
  { rounds, seconds }: BenchOptions,
  connections: number,
): Promise<BenchResult['strategies']> {
  const few = { rounds: Math.min(rounds, 3), seconds, connections: () => Math.min(connections, 256) };
  const results = await runRounds(parts, [bare, ...strategyScenarios], few);
  const bareRounds = results.get('bare') ?? [];
  return strategyScenarios.map(({ name }) => ({ rung: name, ...summarizeRounds(results.get(name) ?? [], bareRounds) }));
}

/** Audits all that was measured. */
export async function auditBench(system: BenchSystem, print: (line: string) => void): Promise<BenchResult['audit']> {
  print('· auditing every order of this run');
  const { ok, stocks, log } = await auditSystem({ ...system, orderRecordKey: system.secrets.ORDER_RECORD_KEY });
  const checks = [...log.checks, ...stocks.flatMap((stock) => stock.checks)];
  const broken = checks.filter((one) => !one.ok).map(({ name, detail }) => `${name}: ${detail}`);
  return { ok, stocks: stocks.length, checks: checks.length, records: log.records, broken };
}
