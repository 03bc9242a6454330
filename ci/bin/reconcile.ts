import { loadEnvFile } from '../local/load-env-file.ts';
import { reconcileCommand } from '../ops/reconcile/reconcile-command.ts';

loadEnvFile();
process.exitCode = await reconcileCommand(process.argv.slice(2));
