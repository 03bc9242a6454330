import { auditCommand } from '../ops/audit/audit-command.ts';

process.exitCode = await auditCommand(process.argv.slice(2));
