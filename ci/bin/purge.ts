import { loadEnvFile } from '../local/set-up/load-env-file.mjs';
import { purgeCommand } from '../ops/purge/purge-command.ts';

loadEnvFile();
process.exitCode = await purgeCommand(process.argv.slice(2));
