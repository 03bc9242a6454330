import path from 'node:path';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { createDatabase, type Database } from '../../../db/mysql/database.ts';
import { startLagReader } from '../../../proto/kafka/kafka.ts';
import { ORDER_PARTITIONS } from '../../../proto/kafka/partition-of.ts';
import { topicNames } from '../../../proto/kafka/topics.ts';
import { createLogger } from '../../../proto/process/create-logger.ts';
import { signingKey } from '../../../proto/settings/secret-keys.ts';
import { describeEnvironment } from '../../command/describe-environment.ts';
import { waitUntil } from '../../command/wait-until.ts';
import type { BenchSystem } from '../bench/bench-system.ts';
import { groupCpu } from '../bench/bench-table.ts';
import { drainLog } from '../bench/drain-log.ts';
import { writeTokens } from '../bench/generators/write-tokens.ts';
import { auditBench, type BenchResult } from '../bench/run-bench.ts';
import { median } from '../bench/summarize-rounds.ts';
import { createLog, fillLog } from './fill-log.ts';
import { measureWorker, type WorkerRun } from './measure-worker.ts';
import { base, runSlice, type SlicePlan, type SpreadSlice, spreads } from './run-slices.ts';
import { createStockMaker } from './stock-maker.ts';
import { type SpreadFigure, type SpreadPair, summarizeSpreads } from './summarize-spreads.ts';

export type ScalingOptions = {
  rounds: number;
  /** Of each slice of orders through the whole system. */
  seconds: number;
  /** On the log when the worker comes. */
  orders: number;
  part: 'worker' | 'spreads' | 'all';
};

export type WorkerFigure = {
  name: string;
  perSecond: number;
  from: number;
  to: number;
  /** What one core could decide, were it the worker's alone. */
  perCoreSecond: number;
  cpu: Record<string, number>;
};

export type ScalingResult = {
  environment: Record<string, unknown>;
  worker: WorkerFigure[];
  spreads: SpreadFigure[];
  audit: BenchResult['audit'];
};

const STATEMENT_MS = 30_000;
const PUBLISH_LIMIT_MS = 120_000;
const CONNECTIONS = 1024;
/** On average. Each comes once. */
const BUYERS_PER_SECOND = 9000;
/** Stocks that share no partition are decided beside each other. */
const FULL_LOGS = [
  { name: 'confirmed, 1 stock', stocks: 1, units: 1_000_000 },
  { name: 'confirmed, 8 stocks', stocks: ORDER_PARTITIONS, units: 1_000_000 },
  { name: 'refused, 1 stock of 100 units', stocks: 1, units: 100 },
  { name: 'refused, 8 stocks', stocks: ORDER_PARTITIONS, units: 100 },
];

/** The whole measurement on a system that is up and has one process of each kind. */
export async function runScaling(
  system: BenchSystem,
  dir: string,
  options: ScalingOptions,
  print: (line: string) => void,
): Promise<ScalingResult> {
  const logger = createLogger('scaling', 'silent');
  const mysql = connectMysql({ url: system.mysqlUrl, maxConnections: 1, acquireDeadlineMs: 5000 });
  const database = createDatabase({ mysql, statementMs: STATEMENT_MS });
  const topics = topicNames(system.topicPrefix);
  const kafka = { brokers: system.kafkaBrokers.split(','), clientId: 'scaling', logger };
  const lag = startLagReader(kafka, topics.orders, topics.workerGroup);
  const log = await createLog(kafka);
  const { makeStocks, makeApart } = createStockMaker(database);
  const drain = async () => {
    await drainLog(lag);
    await waitUntilPublished(database);
  };
  try {
    const fill = (sids: number[], buyers: string) =>
      fillLog(log, {
        topic: topics.orders,
        sids,
        orders: options.orders,
        buyers,
        orderNoKey: system.secrets.ORDER_NO_KEY,
        recordKey: signingKey(system.secrets.ORDER_RECORD_KEY),
      });
    const worker = new Map<string, WorkerRun[]>(FULL_LOGS.map(({ name }) => [name, []]));
    for (let round = 1; round <= (options.part === 'spreads' ? 0 : options.rounds); round += 1) {
      const said: string[] = [];
      for (const { name, stocks, units } of FULL_LOGS) {
        const sids = await makeApart(stocks, units);
        const run = await measureWorker(system, database, sids, options.orders, () => fill(sids, `round-${round}`));
        await drain();
        worker.get(name)?.push(run);
        said.push(`${name} ${Math.round(run.perSecond)}`);
      }
      print(`· round ${round} of ${options.rounds}: ${said.join(', ')} a second`);
    }
    const pairs =
      options.part === 'worker'
        ? new Map<string, SpreadPair[]>()
        : await runSpreads({ system, makeStocks, drain, print, options, tokensFile: path.join(dir, 'tokens') });
    return {
      environment: await describeEnvironment(mysql),
      worker: [...worker].filter(([, runs]) => runs.length > 0).map(([name, runs]) => summarizeWorker(name, runs)),
      spreads: pairs.size > 0 ? summarizeSpreads(pairs) : [],
      audit: await auditBench(system, print),
    };
  } finally {
    await Promise.allSettled([lag.close(), log.close(), mysql.destroy()]);
  }
}

type SpreadOptions = Pick<SlicePlan, 'system' | 'makeStocks' | 'drain'> & {
  tokensFile: string;
  print: (line: string) => void;
  options: ScalingOptions;
};

/**
 * Rounds with a slice of each, every other one backwards, and the base right before each of them: what disturbs the machine for a
 * while disturbs both. The first slice of all warms up and does not count.
 */
async function runSpreads({ tokensFile, print, options, ...parts }: SpreadOptions): Promise<Map<string, SpreadPair[]>> {
  const { rounds, seconds } = options;
  const buyers = BUYERS_PER_SECOND * seconds * (2 * spreads.length * rounds + 1);
  const tokens = await writeTokens(tokensFile, parts.system.secrets.JWT_SECRET, buyers);
  print(`· ${tokens.lines} buyers have their tokens`);
  const plan = { ...parts, tokens, connections: CONNECTIONS, seconds };
  const pairs = new Map<string, SpreadPair[]>(spreads.map(({ name }) => [name, []]));
  const say = ({ perSecond, cpuUs }: SpreadSlice) => `${perSecond} (${cpuUs} µs)`;
  await runSlice(plan, base);
  for (let round = 1; round <= rounds; round += 1) {
    for (const spread of round % 2 === 1 ? spreads : spreads.toReversed()) {
      const pair = { base: await runSlice(plan, base), slice: await runSlice(plan, spread) };
      pairs.get(spread.name)?.push(pair);
      print(`· round ${round} of ${rounds}, ${spread.name}: ${say(pair.slice)}, the base ${say(pair.base)}`);
    }
  }
  return pairs;
}

function summarizeWorker(name: string, runs: WorkerRun[]): WorkerFigure {
  const speeds = runs.map(({ perSecond }) => perSecond);
  const groups = runs.map(({ cpuUsPerOrder }) => groupCpu(cpuUsPerOrder));
  const names = Object.keys(groups[0] ?? {}) as (keyof (typeof groups)[number])[];
  const cpu = Object.fromEntries(names.map((one) => [one, median(groups.map((group) => group[one]))]));
  return {
    name,
    perSecond: Math.round(median(speeds)),
    from: Math.round(Math.min(...speeds)),
    to: Math.round(Math.max(...speeds)),
    perCoreSecond: Math.round(1e6 / (cpu['order-worker'] || Number.NaN)),
    cpu: Object.fromEntries(Object.entries(cpu).map(([one, us]) => [one, Number(us.toFixed(1))])),
  };
}

/** What other systems are told of the orders is part of their cost, and must not fall into the next measurement. */
function waitUntilPublished(database: Database): Promise<void> {
  return waitUntil(
    'the events to be published',
    async () => {
      const open = await database.session((session) =>
        session.rows('SELECT 1 FROM order_event WHERE published_at IS NULL LIMIT 1'),
      );
      if (open.length > 0) throw new Error('not all are');
    },
    { limitMs: PUBLISH_LIMIT_MS },
  );
}
