import { benchCommand } from '../measure/bench/bench-command.ts';
import { openingCommand } from '../measure/opening/opening-command.ts';
import { overloadCommand } from '../measure/overload/overload-command.ts';

const argv = process.argv.slice(2);
const special = argv.includes('--opening') ? openingCommand : argv.includes('--overload') ? overloadCommand : undefined;
process.exitCode = await (special ?? benchCommand)(argv);
