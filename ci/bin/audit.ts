import { loadEnvFile } from '../local/load-env-file.ts';
import { auditCommand } from '../ops/audit/audit-command.ts';

loadEnvFile();
process.exitCode = await auditCommand(process.argv.slice(2));
