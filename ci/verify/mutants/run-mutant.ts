import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { SourceCopy } from './copy-sources.ts';
import type { Mutant } from './mutant.ts';

/** Aborted: what runs is ended. */
export const stopping = new AbortController();

export type MutantResult = {
  name: string;
  leftOut: string;
  caughtBy: string;
  caught: boolean;
  /** Seeds run until the break was seen; null for a test. */
  seeds: number | null;
  /** What it broke. */
  broke: string;
  seconds: number;
};

type SimulationResult = { seeds: number; broken: { seed: number; broken: { promise: string } }[] };

/** Switches one break on and runs what is to catch it. `env`: of test files, which need servers. */
export async function runMutant(
  copy: SourceCopy,
  mutant: Mutant,
  most: number,
  env: NodeJS.ProcessEnv,
): Promise<MutantResult> {
  const startedMs = performance.now();
  const undo = copy.apply(mutant);
  try {
    const found =
      mutant.caughtBy === 'simulate' ? await simulate(copy, most) : await runTest(copy, mutant.caughtBy, env);
    const { name, leftOut, caughtBy } = mutant;
    return { name, leftOut, caughtBy, ...found, seconds: (performance.now() - startedMs) / 1000 };
  } finally {
    undo();
  }
}

type Found = Pick<MutantResult, 'caught' | 'seeds' | 'broke'>;

/** Seeds from the first one on, until one breaks a promise. */
export async function simulate({ dir }: SourceCopy, most: number): Promise<Found> {
  const json = path.join(dir, 'result.json');
  rmSync(json, { force: true });
  const { output } = await run(dir, ['ci/bin/simulate.ts', '--seeds', String(most), '--json', json], {});
  let result: SimulationResult;
  try {
    result = JSON.parse(readFileSync(json, 'utf8')) as SimulationResult;
  } catch {
    throw new Error(`the simulation did not end as it should:\n${output}`);
  }
  const [first] = result.broken.toSorted((a, b) => a.seed - b.seed);
  return { caught: first !== undefined, seeds: first?.seed ?? result.seeds, broke: first?.broken.promise ?? '' };
}

export async function runTest({ dir }: SourceCopy, file: string, env: NodeJS.ProcessEnv): Promise<Found> {
  const { code, output } = await run(dir, [file], env);
  const [, failed = ''] = /^not ok \d+ - (.*?)(?: # time=.*)?$/m.exec(output) ?? [];
  return { caught: code !== 0, seeds: null, broke: failed };
}

async function run(dir: string, args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, args, {
    cwd: dir,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: stopping.signal,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const [code] = await once(child, 'close');
  return { code: code ?? 1, output };
}
