import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { SourceCopy } from './copy-sources.ts';
import type { Mutant } from './rules/mutant.ts';

/** Abort it to end the running child process. */
export const stopping = new AbortController();

export type MutantResult = Pick<Mutant, 'name' | 'rule' | 'caughtBy'> & Found & { seconds: number };

type Found = {
  caught: boolean;
  /** Seeds that ran until the bug was caught; null for a test. */
  seeds: number | null;
  /** The invariant or the test that failed; empty if none did. */
  failed: string;
};

type SimulationResult = { seeds: number; broken: { seed: number; broken: { invariant: string } }[] };

/** Seconds of a test file, as .taprc says. Otherwise tap ends it after 30, and a bug seems to be caught. */
const TAP_TIMEOUT = '300';

/** Seeds one bug and runs the check that must catch it. `env` names the servers of test files. */
export async function runMutant(
  copy: SourceCopy,
  mutant: Mutant,
  maxSeeds: number,
  env: NodeJS.ProcessEnv,
): Promise<MutantResult> {
  const startedMs = performance.now();
  const restore = copy.apply(mutant);
  try {
    const { name, rule, caughtBy } = mutant;
    const found = await runCheck(copy, caughtBy, maxSeeds, env);
    return { name, rule, caughtBy, ...found, seconds: (performance.now() - startedMs) / 1000 };
  } finally {
    restore();
  }
}

/** Runs the simulation up to its first broken invariant, or a test file. */
export async function runCheck(
  { dir }: SourceCopy,
  check: Mutant['caughtBy'],
  maxSeeds: number,
  env: NodeJS.ProcessEnv,
): Promise<Found> {
  return check === 'simulate' ? simulate(dir, maxSeeds) : runTest(dir, check, env);
}

async function simulate(dir: string, maxSeeds: number): Promise<Found> {
  const json = path.join(dir, 'result.json');
  rmSync(json, { force: true });
  const { output } = await run(dir, ['ci/bin/simulate.ts', '--seeds', String(maxSeeds), '--json', json], {});
  let result: SimulationResult;
  try {
    result = JSON.parse(readFileSync(json, 'utf8')) as SimulationResult;
  } catch {
    throw new Error(`the simulation wrote no result:\n${output}`);
  }
  const [first] = result.broken.toSorted((a, b) => a.seed - b.seed);
  return {
    caught: first !== undefined,
    seeds: first?.seed ?? result.seeds,
    failed: first?.broken.invariant ?? '',
  };
}

async function runTest(dir: string, file: string, env: NodeJS.ProcessEnv): Promise<Found> {
  const { code, output } = await run(dir, [file], env);
  const [, failed = ''] = /^not ok \d+ - (.*?)(?: # time=.*)?$/m.exec(output) ?? [];
  return { caught: code !== 0, seeds: null, failed };
}

async function run(dir: string, args: string[], env: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, args, {
    cwd: dir,
    env: { ...process.env, TAP_TIMEOUT, ...env },
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
