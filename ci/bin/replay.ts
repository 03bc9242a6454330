import { loadEnvFile } from '../local/set-up/load-env-file.mjs';
import { replayCommand } from '../ops/replay/replay-command.ts';

loadEnvFile();
process.exitCode = await replayCommand(process.argv.slice(2));
