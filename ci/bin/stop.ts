import { stopCommand } from '../start/stop-command.ts';

process.exitCode = await stopCommand(process.argv.slice(2));
