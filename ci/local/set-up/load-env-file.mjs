import { existsSync } from 'node:fs';
import path from 'node:path';
import { root } from './set-up.mjs';

/** Sets the variables of .env in the folder of package.json. Those of the environment stay. */
export function loadEnvFile() {
  const file = path.join(root, '.env');
  if (existsSync(file)) process.loadEnvFile(file);
}
