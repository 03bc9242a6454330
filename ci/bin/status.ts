import { statusCommand } from '../start/status-command.ts';

process.exitCode = await statusCommand(process.argv.slice(2));
