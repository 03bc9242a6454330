import { loadEnvFile } from '../../local/set-up/load-env-file.mjs';
import { runOnNode24 } from '../../local/set-up/run-on-node-24.mjs';
import { root } from '../../local/set-up/set-up.mjs';
import { parseDeployOptions, usage } from './deploy-options.mjs';
import { pullCode } from './pull-code.mjs';
import { renewPackages } from './renew-packages.mjs';

// Fetches the code and its packages. The new code then deploys itself, on its own Node.

const args = process.argv.slice(2);

function readOptions() {
  try {
    return parseDeployOptions(args);
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}\n\n${usage}`);
    process.exit(2);
  }
}

const options = readOptions();
if (options.help) {
  console.log(usage);
} else {
  // With COMPOSE_ENV_FILES compose reads other files instead.
  if (!process.env.COMPOSE_ENV_FILES) loadEnvFile();
  try {
    if (options.pull) await pullCode(root);
    // Also for compose, because run-deploy.ts needs them.
    await renewPackages(root);
    process.exitCode = await runOnNode24(root, 'ci/ops/release/run-deploy.ts', args);
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
