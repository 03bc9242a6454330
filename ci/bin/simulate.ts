import { simulateCommand } from '../verify/simulate/simulate-command.ts';

process.exitCode = await simulateCommand(process.argv.slice(2));
