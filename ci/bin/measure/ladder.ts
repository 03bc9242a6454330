import { loadEnvFile } from '../../local/set-up/load-env-file.mjs';
import { ladderCommand } from '../../measure/ladder/ladder-command.ts';

loadEnvFile();
process.exitCode = await ladderCommand(process.argv.slice(2));
