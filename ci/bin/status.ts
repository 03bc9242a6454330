import { statusCommand } from '../local/system/status-command.ts';

process.exitCode = await statusCommand(process.argv.slice(2));
