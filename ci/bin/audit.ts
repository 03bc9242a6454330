import { loadEnvFile } from '../local/set-up/load-env-file.mjs';
import { auditCommand } from '../ops/audit/audit-command.ts';

loadEnvFile();
process.exitCode = await auditCommand(process.argv.slice(2));
