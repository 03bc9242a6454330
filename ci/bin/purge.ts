import { purgeCommand } from '../ops/purge/purge-command.ts';

process.exitCode = await purgeCommand(process.argv.slice(2));
