import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { root } from '../../local/set-up/set-up.mjs';
import { shortenTap } from './shorten-tap.ts';

export type Count = { passed: number; failed: number };

const programs = path.join(root, 'node_modules', '.bin');
const tapOutput = path.join(root, '.local', 'test', 'tap-output.tap');
const running = new Set<ChildProcess>();

/** Kills the running programs and all their child processes. */
export async function stopChecks(): Promise<void> {
  for (const child of running) {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
  await Promise.all([...running].map((child) => once(child, 'exit')));
}

/** Runs a program that counts as one check. */
export async function runCheck(name: string, args: string[], label = name): Promise<Count> {
  const startedAt = performance.now();
  const exitCode = await run(name, args, {});
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(exitCode === 0 ? `· ${label} … passed (${seconds} s)` : `✗ ${label} … failed (${seconds} s)`);
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Runs tap; its assertions count as checks. */
export async function runTap(args: string[], env: NodeJS.ProcessEnv): Promise<Count> {
  mkdirSync(path.dirname(tapOutput), { recursive: true });
  rmSync(tapOutput, { force: true });
  // Coverage would slow every process that a test starts.
  // Most files start servers and processes of their own: two of them keep two cores busy.
  const options = ['--disable-coverage', '--jobs=2', ...args];
  let exitCode: number;
  if (process.stdout.isTTY) {
    exitCode = await run('tap', [`--output-file=${tapOutput}`, ...options], env);
  } else {
    // Outside a terminal tap's reports contain cursor movements, and --output-file would print all twice.
    const shorten = shortenTap();
    exitCode = await run('tap', ['--reporter=tap', ...options], env, (line) => {
      appendFileSync(tapOutput, `${line}\n`);
      return shorten(line);
    });
  }
  const count = readTapCount(tapOutput);
  // A failure without a failed assertion, such as no test found.
  if (exitCode !== 0 && count.failed === 0) return { ...count, failed: 1 };
  return count;
}

/** tap ends with a line such as `# { total: 5, pass: 3, fail: 1, skip: 1 }`. */
export function readTapCount(file: string): Count {
  if (!existsSync(file)) return { passed: 0, failed: 1 };
  const summary = /^# \{ (.*) \}$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  const numberOf = (name: string) => Number(new RegExp(`\\b${name}: (\\d+)`).exec(summary)?.[1] ?? 0);
  return { passed: numberOf('pass'), failed: numberOf('fail') };
}

async function run(
  name: string,
  args: string[],
  env: NodeJS.ProcessEnv,
  edit?: (line: string) => string[],
): Promise<number> {
  // The Node of the packages first: tap's scripts use the first one in PATH.
  const PATH = [programs, path.dirname(process.execPath), process.env.PATH].join(path.delimiter);
  const child = spawn(path.join(programs, name), args, {
    cwd: root,
    env: { ...process.env, ...env, PATH },
    stdio: ['ignore', edit ? 'pipe' : 'inherit', 'inherit'],
    // Its own group, so that it can be killed with its child processes.
    detached: true,
  });
  running.add(child);
  if (edit && child.stdout) {
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (line) => {
      for (const shown of edit(line)) console.log(shown);
    });
  }
  const [code] = await once(child, 'close');
  running.delete(child);
  return code ?? 1;
}
