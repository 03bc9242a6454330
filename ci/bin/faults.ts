import { faultsCommand } from '../verify/faults/faults-command.ts';

process.exit(await faultsCommand(process.argv.slice(2)));
