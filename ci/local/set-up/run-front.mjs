import { loadEnvFile } from './load-env-file.mjs';
import { runOnNode24 } from './run-on-node-24.mjs';
import { root, setUp } from './set-up.mjs';

/**
 * The front of `npm start` and `npm test`: reads settings from .env, sets up, and runs the script on Node 24.
 *
 * @param {{ script: string, args: string[] } & import('./set-up.mjs').Needs} front
 */
export async function runFront({ script, args, ...needs }) {
  endWithNpm();
  loadEnvFile();
  try {
    await setUp(needs);
    process.exitCode = await runOnNode24(root, script, args);
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}

/**
 * npm runs this process in a shell. A SIGTERM ends npm and that shell, which does not forward it: so the end of the parent counts as
 * SIGTERM. Only below npm: other callers may end before this process.
 */
function endWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref(); // It must not keep a finished command running.
}
