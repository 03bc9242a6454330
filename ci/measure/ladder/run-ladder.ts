import { connectProviders } from '../../../consumer/providers/connect-providers.ts';
import { connectMysql } from '../../../db/mysql/connect-mysql.ts';
import { readGrpcClientTls } from '../../../proto/settings/grpc-tls.ts';
import { readConfig } from '../../local/config.ts';
import { describeEnvironment } from '../describe-environment.ts';
import { ladderBreaches } from './ladder-breaches.ts';
import { ladderTable } from './ladder-table.ts';
import { chooseLadderLimit, runStrategy, type StrategyResult, warmUp } from './run-strategy.ts';
import { strategies } from './strategies.ts';

export type LadderTarget = { url: string; mysqlUrl: string; providers: string[] };
export type LadderOptions = { buyers: number; units: number; runs: number };
/** With several runs an entry is the worst run, and `runs` holds all of them. */
export type LadderEntry = StrategyResult & { runs?: StrategyResult[] };
export type LadderResult = { environment: Record<string, unknown>; strategies: LadderEntry[] };

const CALL_DEADLINE_MS = 5000;

/** Runs each strategy on new stocks. `ok` is false if a strategy violates its guarantee. */
export async function runLadder(
  { url, mysqlUrl, providers }: LadderTarget,
  options: LadderOptions,
  print: (line: string) => void,
): Promise<{ ok: boolean; result: LadderResult }> {
  const { buyers, units, runs } = options;
  const ladderLimit = chooseLadderLimit(buyers, units);
  const mysql = connectMysql({ url: mysqlUrl, maxConnections: 1, acquireDeadlineMs: 10_000 });
  const config = readConfig();
  const PROVIDERS = providers.join(',');
  const tls = readGrpcClientTls({ ...config, PROVIDERS });
  const calls = connectProviders(PROVIDERS, CALL_DEADLINE_MS, config.PROVIDER_TOKEN, tls);
  const target = { url, mysql, providers: calls };
  try {
    print(`\nThe ladder: ${buyers} simultaneous buyers for ${units} units, through ${url}`);
    const environment = { ...(await describeEnvironment(mysql)), url, ...options, ladderLimit };
    print('· warming up all processes');
    for (const strategy of strategies) await warmUp(target, strategy);
    const entries: LadderEntry[] = [];
    for (const strategy of strategies) {
      const results: StrategyResult[] = [];
      for (let run = 0; run < runs; run += 1) {
        const result = await runStrategy(target, strategy, { buyers, units, ladderLimit });
        results.push(result);
        print(`· ${strategy.name} (${strategy.shows}): ${describeRun(result)}`);
      }
      entries.push(worstOf(results));
    }
    print(`\n${ladderTable(entries)}`);
    print(`The limiter was set to ${ladderLimit} requests per second for this run (default: LADDER_LIMIT, 5).`);
    const breaches = ladderBreaches(entries);
    for (const breach of breaches) print(`✗ ${breach}`);
    if (breaches.length === 0) print('✓ Only the wrong strategy oversold, and the log sold every unit.');
    return { ok: breaches.length === 0, result: { environment, strategies: entries } };
  } finally {
    calls.close();
    await mysql.destroy();
  }
}

function describeRun({ confirmed, oversold, unsold, ordersPerSecond }: StrategyResult): string {
  const outcome =
    oversold > 0 ? `oversold by ${oversold}` : unsold > 0 ? `${unsold} units unsold` : 'every unit sold once';
  return `${confirmed} orders, ${outcome} (${ordersPerSecond}/s)`;
}

function worstOf(results: StrategyResult[]): LadderEntry {
  const [worst] = results.toSorted(
    (a, b) =>
      b.oversold - a.oversold || b.unsold - a.unsold || b.errors - a.errors || a.ordersPerSecond - b.ordersPerSecond,
  );
  if (!worst) throw new Error('no run');
  return results.length > 1 ? { ...worst, runs: results } : worst;
}
