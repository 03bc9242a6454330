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

/** Ends what is being run, with all that it has started. */
export async function stopChecks(): Promise<void> {
  for (const child of running) {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
  await Promise.all([...running].map((child) => once(child, 'exit')));
}

/** A program that passes or fails as a whole. */
export async function runCheck(name: string, args: string[], label = name): Promise<Count> {
  const startedAt = performance.now();
  const exitCode = await run(name, args, {});
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  console.log(exitCode === 0 ? `· ${label} … passed (${seconds} s)` : `✗ ${label} … failed (${seconds} s)`);
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** tap counts its assertions. */
export async function runTap(args: string[], env: NodeJS.ProcessEnv): Promise<Count> {
  mkdirSync(path.dirname(tapOutput), { recursive: true });
  rmSync(tapOutput, { force: true });
  // Coverage would be measured in every process that a test starts, and slow it.
  const options = ['--disable-coverage', '--jobs=4', ...args];
  let exitCode: number;
  if (process.stdout.isTTY) {
    exitCode = await run('tap', [`--output-file=${tapOutput}`, ...options], env);
  } else {
    // Outside a terminal tap's own reports are full of cursor movements. With --output-file it would say all twice.
    const shorten = shortenTap();
    exitCode = await run('tap', ['--reporter=tap', ...options], env, (line) => {
      appendFileSync(tapOutput, `${line}\n`);
      return shorten(line);
    });
  }
  const count = readTapCount(tapOutput);
  // A failure that is not an assertion's, such as no test found, or tap itself.
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
  // Our Node first: tap's scripts take the one they find.
  const PATH = [programs, path.dirname(process.execPath), process.env.PATH].join(path.delimiter);
  const child = spawn(path.join(programs, name), args, {
    cwd: root,
    env: { ...process.env, ...env, PATH },
    stdio: ['ignore', edit ? 'pipe' : 'inherit', 'inherit'],
    // A group of its own, so that it can be ended with all that it has started.
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
