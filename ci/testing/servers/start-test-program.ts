import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Test } from 'tap';
import { waitUntil } from '../../command/wait-until.ts';
import { findProgram } from '../../local/set-up/find-program.mjs';

type Options = {
  /** By default that of this process. */
  env?: NodeJS.ProcessEnv;
  /** Rejects until the program is ready. */
  check(): Promise<unknown>;
  limitMs: number;
};

/** Runs an installed program, stopped with the test. Resolves when it is ready; rejects with what it printed if it ends before. */
export async function startTestProgram(t: Test, program: string, args: string[], options: Options): Promise<void> {
  const { env = process.env, check, limitMs } = options;
  const command = findProgram(program);
  if (!command) throw new Error(`${program} is not installed`);
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let output = '';
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  t.teardown(async () => {
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await once(child, 'exit');
  });
  await waitUntil(
    `${program} to answer`,
    async () => {
      if (child.exitCode !== null) throw new Error(output);
      await check();
    },
    { limitMs },
  );
}
