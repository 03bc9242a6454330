import { scalingCommand } from '../../measure/scaling/scaling-command.ts';

process.exitCode = await scalingCommand(process.argv.slice(2));
