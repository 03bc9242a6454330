import { textTable } from '../../command/text-table.ts';
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
  ...['sold after', 'peak MB'],
];

function cellsOf({ name, status, result }: FaultOutcome): (string | number)[] {
  if (!result) return [name, status, ...Array.from({ length: HEAD.length - 2 }, () => '–')];
  const { figures, sold, peaksMb } = result;
  return [
    ...[name, status, figures.requests, figures.confirmed, figures.accepted, figures.rejected, figures.errors],
    ...[seconds(figures.errorsEndMs), seconds(figures.longestPauseMs), seconds(figures.recoveredMs), sold.after],
    Math.max(0, ...Object.values(peaksMb)),
  ];
}

/** One row per fault, as text. */
export function faultTable(outcomes: FaultOutcome[]): string {
  return textTable(HEAD, outcomes.map(cellsOf));
}

/** The same as Markdown. `before`: the previous table; its rows stay for faults without an outcome. */
export function faultMarkdown(outcomes: FaultOutcome[], before: string, names: string[]): string {
  const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  const nameOf = (line: string) => line.split(' | ')[0]?.replace('| ', '') ?? '';
  const rows = new Map(before.split('\n').map((line) => [nameOf(line), line]));
  for (const outcome of outcomes) rows.set(outcome.name, row(cellsOf(outcome)));
  const lines = names.map((name) => rows.get(name)).filter((line) => line !== undefined);
  return [row(HEAD), row(HEAD.map(() => '---')), ...lines].join('\n');
}
