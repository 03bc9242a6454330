import type { MutantResult } from './run-mutant.ts';

/** The table for docs/reliability.md. */
export function describeMutants(results: MutantResult[]): string {
  const rows = results.map(({ rule, caughtBy, caught, seeds, failed }) => {
    const by = caught ? caughtBy.replace(/^(.*\.test\.ts)$/, '`$1`') : '**not caught**';
    return `| ${rule} | ${by} | ${seeds ?? ''} | ${failed} |`;
  });
  return ['| removed rule | caught by | first seed | what failed |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
