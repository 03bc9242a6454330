import { loadEnvFile } from '../local/set-up/load-env-file.mjs';
import { saleCommand } from '../verify/sale/sale-command.ts';

loadEnvFile();
process.exitCode = await saleCommand(process.argv.slice(2));
