import type { SeedResult } from './run-seed.ts';

/** A seed that broke a promise: which, how it came to that, and how to see it again. */
export function describeBroken({ seed, broken, trace }: SeedResult): string {
  return [
    `✗ seed ${seed}: ${broken?.invariant}`,
    `  ${broken?.detail}`,
    '',
    ...trace.map((line) => `  ${line}`),
    '',
    '  Again, from the first line on:',
    `  npm run simulate -- --from ${seed} --seeds 1 --trace`,
  ].join('\n');
}
