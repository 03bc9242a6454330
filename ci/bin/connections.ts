import { connectionsCommand } from '../ops/connections/connections-command.ts';

process.exitCode = await connectionsCommand(process.argv.slice(2));
