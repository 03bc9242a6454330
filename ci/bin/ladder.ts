import { ladderCommand } from '../measure/ladder/ladder-command.ts';

process.exitCode = await ladderCommand(process.argv.slice(2));
