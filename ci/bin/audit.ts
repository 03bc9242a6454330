import '../ops/audit/audit-command.ts';
