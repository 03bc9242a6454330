import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs buf, a development dependency, in the root of the repository. */
export function runBuf(...args: string[]): { passed: boolean; output: Buffer; text: string } {
  const { status, stdout, stderr, error } = spawnSync('node_modules/.bin/buf', args, { cwd: root, maxBuffer: 1 << 24 });
  if (error) throw new Error('buf does not start: run npm ci', { cause: error });
  return { passed: status === 0, output: stdout, text: `${stdout}${stderr}` };
}
