import { loadEnvFile } from '../local/load-env-file.ts';
import { purgeCommand } from '../ops/purge/purge-command.ts';

loadEnvFile();
process.exitCode = await purgeCommand(process.argv.slice(2));
