import { loadEnvFile } from '../local/load-env-file.ts';
import { saleCommand } from '../verify/sale/sale-command.ts';

loadEnvFile();
process.exitCode = await saleCommand(process.argv.slice(2));
