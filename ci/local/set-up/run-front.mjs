import { existsSync } from 'node:fs';
import path from 'node:path';
import { endWithNpm } from './end-with-npm.mjs';
import { runOnNode24 } from './run-on-node-24.mjs';
import { root, setUp } from './set-up.mjs';

/**
 * What `npm start` and `npm test` have in common: settings from .env, set-up, then the script on Node 24.
 *
 * @param {{ script: string, args: string[] } & import('./set-up.mjs').Needs} front
 */
export async function runFront({ script, args, ...needs }) {
  endWithNpm();
  const settings = path.join(root, '.env');
  // What the environment says already is stronger than the file.
  if (existsSync(settings)) process.loadEnvFile(settings);
  try {
    await setUp(needs);
    process.exitCode = await runOnNode24(root, script, args);
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
