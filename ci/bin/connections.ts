import { loadEnvFile } from '../local/set-up/load-env-file.mjs';
import { connectionsCommand } from '../ops/connections/connections-command.ts';

loadEnvFile();
process.exitCode = await connectionsCommand(process.argv.slice(2));
