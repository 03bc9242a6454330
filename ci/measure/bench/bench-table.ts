import { textTable } from '../../command/text-table.ts';
import type { BenchResult } from './run-bench.ts';
import type { Figure } from './summarize-rounds.ts';

const NAMES = ['bare', 'confirmed', 'accepted', 'soldOut', 'soldOutUncached', 'reads'] as const;
/** nginx by whatever name, consumers together, and so on. */
const GROUPS = ['load', 'nginx', 'bare', 'consumer', 'provider', 'kafka', 'order-worker', 'mariadb', 'redis'] as const;

/** Microseconds of CPU time for each request, by kind of process. */
export function groupCpu(cpu: Record<string, number>): Record<(typeof GROUPS)[number], number> {
  const sums = Object.fromEntries(GROUPS.map((group) => [group, 0])) as Record<(typeof GROUPS)[number], number>;
  for (const [name, us] of Object.entries(cpu)) {
    const group = GROUPS.find((one) => name === one || name.startsWith(`${one}-`));
    if (group) sums[group] += us;
  }
  return sums;
}

function figureRow(name: string, figure: Figure): (string | number)[] {
  const { perSecond, ratio, ratioFrom, ratioTo, p50Ms, p99Ms, asExpected, broken } = figure;
  const spread = `${ratioFrom.toFixed(2)}–${ratioTo.toFixed(2)}`;
  return [name, perSecond, ratio.toFixed(2), spread, p50Ms, p99Ms, `${(asExpected * 100).toFixed(1)} %`, broken];
}

/** The result for people: what a second brings, and where each microsecond goes. */
export function benchTable(result: BenchResult): string {
  const rows: [string, Figure][] = [
    ...NAMES.map((name) => [name, result[name]] as [string, Figure]),
    ...result.strategies.map((one) => [one.rung, one] as [string, Figure]),
  ];
  const head = ['', 'per second', 'to bare', 'from–to', 'p50 ms', 'p99 ms', 'as expected', 'broken'];
  const cpu = rows.map(([name, figure]) => {
    const groups = groupCpu(figure.cpuUsPerRequest);
    return [name, ...GROUPS.map((group) => groups[group]), Object.values(groups).reduce((a, b) => a + b, 0)];
  });
  const open = result.openLoop.map(({ share, perSecond, p50Ms, p99Ms, maxMs, failed }) => [
    ...[`${Math.round(share * 100)} %`, perSecond, p50Ms, p99Ms, maxMs, failed],
  ]);
  return [
    textTable(
      head,
      rows.map(([name, figure]) => figureRow(name, figure)),
    ),
    `\nMicroseconds of CPU time for each request (load: ${result.environment.generator}):`,
    textTable(['', ...GROUPS, 'sum'], cpu),
    ...(open.length > 0
      ? [
          '\nAt a constant rate, from the moment at which each order was due:',
          textTable(['of the ceiling', 'per second', 'p50 ms', 'p99 ms', 'max ms', 'failed'], open),
        ]
      : []),
  ].join('\n');
}
