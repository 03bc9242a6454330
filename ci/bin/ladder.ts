import { loadEnvFile } from '../local/load-env-file.ts';
import { ladderCommand } from '../measure/ladder/ladder-command.ts';

loadEnvFile();
process.exitCode = await ladderCommand(process.argv.slice(2));
