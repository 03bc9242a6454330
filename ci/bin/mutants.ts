import { mutantsCommand } from '../verify/mutants/mutants-command.ts';

process.exitCode = await mutantsCommand(process.argv.slice(2));
