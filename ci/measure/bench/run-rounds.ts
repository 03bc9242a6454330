import type { BenchSystem } from './bench-system.ts';
import { runWrk } from './generators/run-wrk.ts';
import type { TokenFile } from './generators/write-tokens.ts';
import { measureSlice, type Slice } from './measure-slice.ts';
import type { BenchStocks, Scenario } from './scenarios.ts';

export type BenchContext = {
  system: BenchSystem;
  stocks: BenchStocks;
  tokens: TokenFile;
  /** Resolves when every record of the log is decided. */
  drain: () => Promise<void>;
  print: (line: string) => void;
};

/** The figures of one round. `perSecond` counts expected responses only; `asExpected` is their share. */
export type Round = Slice & { perSecond: number; asExpected: number };

/** One slice of one scenario. */
export async function runScenario(
  { system, stocks, tokens, drain }: BenchContext,
  scenario: Scenario,
  load: { connections: number; seconds: number },
): Promise<Round> {
  const { method, url, path, headers, hasBuyers, isFree, status } = scenario;
  const buyers = isFree ? { ...tokens, next: 0 } : tokens;
  const target = { method, headers, url: url(system), paths: [path(stocks)] };
  const send = () => runWrk({ ...load, ...target, tokens: hasBuyers ? buyers : undefined });
  const slice = await measureSlice(system, send, drain);
  const all = Object.values(slice.statuses).reduce((sum, n) => sum + n, 0);
  const asExpected = status && all > 0 ? (slice.statuses[status] ?? 0) / all : 1;
  const answered = slice.requests - slice.broken;
  return { ...slice, asExpected, perSecond: Math.round((answered * asExpected) / slice.seconds) };
}

/** Each round has one slice of every scenario, so a disturbance of the machine affects all scenarios. */
export async function runRounds(
  context: BenchContext,
  scenarios: Scenario[],
  { rounds, connections, seconds }: { rounds: number; connections: (scenario: Scenario) => number; seconds: number },
): Promise<Map<string, Round[]>> {
  const results = new Map<string, Round[]>(scenarios.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    const figures: string[] = [];
    for (const scenario of scenarios) {
      const result = await runScenario(context, scenario, { connections: connections(scenario), seconds });
      results.get(scenario.name)?.push(result);
      figures.push(`${scenario.name} ${result.perSecond}`);
    }
    context.print(`· round ${round} of ${rounds}, per second: ${figures.join(', ')}`);
  }
  return results;
}
