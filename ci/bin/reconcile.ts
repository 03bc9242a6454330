import { reconcileCommand } from '../ops/reconcile/reconcile-command.ts';

process.exitCode = await reconcileCommand(process.argv.slice(2));
