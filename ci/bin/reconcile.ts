import { loadEnvFile } from '../local/set-up/load-env-file.mjs';
import { reconcileCommand } from '../ops/reconcile/reconcile-command.ts';

loadEnvFile();
process.exitCode = await reconcileCommand(process.argv.slice(2));
