import { benchCommand } from '../../measure/bench/bench-command.ts';
import { openingCommand } from '../../measure/opening/opening-command.ts';
import { overloadCommand } from '../../measure/overload/overload-command.ts';
import { paymentsCommand } from '../../measure/payments/payments-command.ts';
import { tracesCommand } from '../../measure/traces/traces-command.ts';

const special = {
  '--opening': openingCommand,
  '--overload': overloadCommand,
  '--payments': paymentsCommand,
  '--traces': tracesCommand,
};
const argv = process.argv.slice(2);
const named = Object.entries(special).find(([option]) => argv.includes(option));
process.exitCode = await (named?.[1] ?? benchCommand)(argv);
