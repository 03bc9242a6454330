import type { BenchSystem } from './bench-system.ts';
import type { Generator } from './generators/choose-generator.ts';
import type { TokenFile } from './generators/write-tokens.ts';
import { measureSlice, type Slice } from './measure-slice.ts';
import type { BenchStocks, Scenario } from './scenarios.ts';

export type BenchContext = {
  system: BenchSystem;
  generator: Generator;
  stocks: BenchStocks;
  tokens: TokenFile;
  /** Resolves when the log is decided to its end. */
  drain: () => Promise<void>;
  print: (line: string) => void;
};

/** One round's figure: how many a second had the answer that counts, and what else was measured. */
export type Round = Slice & { perSecond: number; asExpected: number };

/** One slice of one scenario. */
export async function runScenario(
  { system, generator, stocks, tokens, drain }: BenchContext,
  scenario: Scenario,
  load: { connections: number; seconds: number },
): Promise<Round> {
  const { method, url, path, headers, hasBuyers, isFree, status } = scenario;
  const buyers = isFree ? { ...tokens, next: 0 } : tokens;
  const send = () =>
    generator.run({
      ...load,
      method,
      headers,
      url: url(system),
      paths: [path(stocks)],
      tokens: hasBuyers ? buyers : undefined,
    });
  const slice = await measureSlice(system, send, drain);
  const all = Object.values(slice.statuses).reduce((sum, n) => sum + n, 0);
  const asExpected = status && all > 0 ? (slice.statuses[status] ?? 0) / all : 1;
  const answered = slice.requests - slice.broken;
  return { ...slice, asExpected, perSecond: Math.round((answered * asExpected) / slice.seconds) };
}

/** So many rounds, each of which has a slice of every scenario: what disturbs the machine disturbs all of them. */
export async function runRounds(
  parts: BenchContext,
  scenarios: Scenario[],
  { rounds, connections, seconds }: { rounds: number; connections: (scenario: Scenario) => number; seconds: number },
): Promise<Map<string, Round[]>> {
  const results = new Map<string, Round[]>(scenarios.map(({ name }) => [name, []]));
  for (let round = 1; round <= rounds; round += 1) {
    const figures: string[] = [];
    for (const scenario of scenarios) {
      const result = await runScenario(parts, scenario, { connections: connections(scenario), seconds });
      results.get(scenario.name)?.push(result);
      figures.push(`${scenario.name} ${result.perSecond}`);
    }
    parts.print(`· round ${round} of ${rounds}: ${figures.join(', ')} a second`);
  }
  return results;
}
