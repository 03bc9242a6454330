import { loadEnvFile } from '../local/load-env-file.ts';
import { connectionsCommand } from '../ops/connections/connections-command.ts';

loadEnvFile();
process.exitCode = await connectionsCommand(process.argv.slice(2));
