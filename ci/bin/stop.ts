import { stopCommand } from '../local/system/stop-command.ts';

process.exitCode = await stopCommand(process.argv.slice(2));
