import { loadEnvFile } from '../../local/set-up/load-env-file.mjs';
import { fairnessCommand } from '../../measure/fairness/fairness-command.ts';

loadEnvFile();
process.exitCode = await fairnessCommand(process.argv.slice(2));
