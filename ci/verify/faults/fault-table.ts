import { textTable } from '../../command/text-table.ts';
import type { FaultOutcome } from './run-faults.ts';

const seconds = (ms: number | null) => (ms === null ? '–' : (ms / 1000).toFixed(1));
const HEAD = [
  ...['fault', 'verdict', 'requests', 'confirmed', '202', 'shed', 'errors', 'errors end s', 'pause s', 'recovered s'],
  ...['last buyers', 'peak MB'],
];

function cellsOf(outcome: FaultOutcome): (string | number)[] {
  const { name, verdict, result } = outcome;
  if (!result) return [name, verdict, ...Array.from({ length: HEAD.length - 2 }, () => '–')];
  const { seen, sold, peaksMb } = result;
  return [
    ...[name, verdict, seen.requests, seen.confirmed, seen.promised, seen.shed, seen.errors],
    ...[seconds(seen.errorsEndMs), seconds(seen.longestPauseMs), seconds(seen.recoveredMs), sold.last],
    Math.max(0, ...Object.values(peaksMb)),
  ];
}

/** The table that people read. */
export function faultTable(outcomes: FaultOutcome[]): string {
  return textTable(HEAD, outcomes.map(cellsOf));
}

/** The same for a document. `before`: the table that was there, whose rows stay for faults that were not tried now. */
export function faultMarkdown(outcomes: FaultOutcome[], before: string, names: string[]): string {
  const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  const nameOf = (line: string) => line.split(' | ')[0]?.replace('| ', '') ?? '';
  const rows = new Map(before.split('\n').map((line) => [nameOf(line), line]));
  for (const outcome of outcomes) rows.set(outcome.name, row(cellsOf(outcome)));
  const lines = names.map((name) => rows.get(name)).filter((line) => line !== undefined);
  return [row(HEAD), row(HEAD.map(() => '---')), ...lines].join('\n');
}
