import { saleCommand } from '../verify/sale/sale-command.ts';

process.exitCode = await saleCommand(process.argv.slice(2));
