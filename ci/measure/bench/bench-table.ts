import { textTable } from '../../command/text-table.ts';
import type { BenchResult } from './run-bench.ts';
import { SCENARIO_NAMES } from './scenarios.ts';
import type { Comparison, Figure } from './summarize-rounds.ts';

/** Processes by the beginning of their name: `consumer-1` and `consumer-2` are `consumer`. */
const GROUPS = ['load', 'nginx', 'bare', 'consumer', 'provider', 'kafka', 'order-worker', 'mariadb', 'redis'] as const;

/** Microseconds of CPU time per request, by kind of process. */
export function groupCpu(cpu: Record<string, number>): Record<(typeof GROUPS)[number], number> {
  const sums = Object.fromEntries(GROUPS.map((group) => [group, 0])) as Record<(typeof GROUPS)[number], number>;
  for (const [name, us] of Object.entries(cpu)) {
    const group = GROUPS.find((prefix) => name === prefix || name.startsWith(`${prefix}-`));
    if (group) sums[group] += us;
  }
  return sums;
}

/** The figures of all scenarios and strategies, by name. */
export function listFigures(result: Pick<BenchResult, (typeof SCENARIO_NAMES)[number] | 'strategies'>) {
  return [
    ...SCENARIO_NAMES.map((name): [string, Figure] => [name, result[name]]),
    ...result.strategies.map((figure): [string, Figure] => [figure.name, figure]),
  ];
}

function figureRow([name, figure]: [string, Figure]): (string | number)[] {
  const { perSecond, ratio, ratioFrom, ratioTo, p50Ms, p99Ms, asExpected, broken } = figure;
  const spread = `${ratioFrom.toFixed(2)}–${ratioTo.toFixed(2)}`;
  return [name, perSecond, ratio.toFixed(2), spread, p50Ms, p99Ms, `${(asExpected * 100).toFixed(1)} %`, broken];
}

function cpuRow([name, figure]: [string, Figure]): (string | number)[] {
  const groups = Object.values(groupCpu(figure.cpuUsPerRequest));
  return [name, ...groups, groups.reduce((a, b) => a + b, 0)];
}

function entriesTable(entriesToOrders: BenchResult['entriesToOrders']): string {
  const describe = ({ ratio, from, to }: Comparison['rate']) =>
    `${ratio.toFixed(2)} (${from.toFixed(2)}–${to.toFixed(2)})`;
  const rows = Object.entries(entriesToOrders).map(([name, { rate, cpu }]) => [name, describe(rate), describe(cpu)]);
  return textTable(['to orders', 'rate', 'CPU time'], rows);
}

/** Rates, CPU time per request, and latencies at a constant rate, as text. */
export function benchTable(result: BenchResult): string {
  const figures = listFigures(result);
  const head = ['', 'per second', 'to bare', 'from–to', 'p50 ms', 'p99 ms', 'as expected', 'broken'];
  const lines = [
    textTable(head, figures.map(figureRow)),
    '\nMicroseconds of CPU time per request:',
    textTable(['', ...GROUPS, 'sum'], figures.map(cpuRow)),
  ];
  lines.push('\nEntries, as ratios to orders in the same round:', entriesTable(result.entriesToOrders));
  if (result.openLoop.length > 0) {
    const rows = result.openLoop.map(({ share, perSecond, p50Ms, p99Ms, maxMs, failed }) => {
      return [`${Math.round(share * 100)} %`, perSecond, p50Ms, p99Ms, maxMs, failed];
    });
    lines.push('\nAt a constant rate, from the moment at which each order was due:');
    lines.push(textTable(['of the ceiling', 'per second', 'p50 ms', 'p99 ms', 'max ms', 'failed'], rows));
  }
  return lines.join('\n');
}
