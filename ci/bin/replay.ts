import { loadEnvFile } from '../local/load-env-file.ts';
import { replayCommand } from '../ops/replay/replay-command.ts';

loadEnvFile();
process.exitCode = await replayCommand(process.argv.slice(2));
