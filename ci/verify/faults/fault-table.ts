import { textTable } from '../../command/text-table.ts';
import type { FaultResult } from './run-fault.ts';
import type { FaultOutcome } from './run-faults.ts';

const seconds = (ms: number | null) => (ms === null ? '–' : (ms / 1000).toFixed(1));
const HEAD = [
  ...[
    'fault',
    'result',
    'requests',
    'confirmed',
    '202',
    'rejected',
    'errors',
    'errors end s',
    'pause s',
    'recovered s',
  ],
  ...['sold after', 'peak MB', 'alarm, after s'],
];

function cellsOf({ name, status, result }: FaultOutcome): (string | number)[] {
  if (!result) return [name, status, ...Array.from({ length: HEAD.length - 2 }, () => '–')];
  const { figures, sold, peaksMb, alarms } = result;
  return [
    ...[name, status, figures.requests, figures.confirmed, figures.accepted, figures.rejected, figures.errors],
    ...[seconds(figures.errorsEndMs), seconds(figures.longestPauseMs), seconds(figures.recoveredMs), sold.after],
    Math.max(0, ...Object.values(peaksMb)),
    describeAlarms(alarms),
  ];
}

/** The expected alarm, which is first, and the others that fired. */
function describeAlarms(alarms: FaultResult['alarms']): string {
  if (!alarms) return 'not watched';
  const sorted = alarms.raised.toSorted((one, other) => Number(other.isExpected) - Number(one.isExpected));
  return sorted.map(({ alarm, afterMs }) => `${alarm} ${seconds(afterMs)}`).join(', ') || '–';
}

/** One row per fault, as text. */
export function faultTable(outcomes: FaultOutcome[]): string {
  return textTable(HEAD, outcomes.map(cellsOf));
}

/** The same as Markdown. `before`: the previous table; its rows stay for faults without an outcome. */
export function faultMarkdown(outcomes: FaultOutcome[], before: string, names: string[]): string {
  const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  const nameOf = (line: string) => line.split(' | ')[0]?.replace('| ', '') ?? '';
  // A row of a release with fewer columns gets the others.
  const pad = (line: string) => line + ' – |'.repeat(Math.max(0, HEAD.length - line.split(' | ').length));
  const rows = new Map(before.split('\n').map((line) => [nameOf(line), pad(line)]));
  for (const outcome of outcomes) rows.set(outcome.name, row(cellsOf(outcome)));
  const lines = names.map((name) => rows.get(name)).filter((line) => line !== undefined);
  return [row(HEAD), row(HEAD.map(() => '---')), ...lines].join('\n');
}
