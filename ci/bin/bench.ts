import { benchCommand } from '../measure/bench/bench-command.ts';
import { openingCommand } from '../measure/opening/opening-command.ts';

const argv = process.argv.slice(2);
process.exitCode = await (argv.includes('--opening') ? openingCommand : benchCommand)(argv);
