import { textTable } from '../text-table.ts';
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

/** The same for a document. */
export function faultMarkdown(outcomes: FaultOutcome[]): string {
  const row = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [row(HEAD), row(HEAD.map(() => '---')), ...outcomes.map((outcome) => row(cellsOf(outcome)))].join('\n');
}
