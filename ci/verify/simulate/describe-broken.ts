import type { SeedResult } from './run-seed.ts';

/** The broken invariant of a seed, its last events, and the command that repeats them. */
export function describeBroken({ seed, broken, trace }: SeedResult): string {
  return [
    `✗ seed ${seed}: ${broken?.invariant}`,
    `  ${broken?.detail}`,
    '',
    ...trace.map((line) => `  ${line}`),
    '',
    '  Print all events:',
    `  npm run simulate -- --from ${seed} --seeds 1 --trace`,
  ].join('\n');
}
