import type { MutantResult } from './run-mutant.ts';

const BEGIN = '<!-- mutants:begin -->';
const END = '<!-- mutants:end -->';

/** The table for docs/reliability.md. */
export function describeMutants(results: MutantResult[]): string {
  const rows = results.map(({ rule, caughtBy, caught, seeds, failed }) => {
    const by = caught ? caughtBy.replace(/^(.*\.test\.ts)$/, '`$1`') : '**not caught**';
    return `| ${rule} | ${by} | ${seeds ?? ''} | ${failed} |`;
  });
  return ['| removed rule | caught by | first seed | what failed |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** The text with `table` between its markers. */
export function fillMarkers(text: string, table: string): string {
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`markers not found: ${BEGIN} … ${END}`);
  return `${text.slice(0, from + BEGIN.length)}\n${table}\n${text.slice(to)}`;
}
