import type { AuditCheck } from '../../../db/audit/audit-rules.ts';

export type LogAudit = {
  records: number;
  /** Checks of the log as a whole. */
  checks: AuditCheck[];
  /** By stock: whether a replay of its log gives its rows. */
  replays: Map<number, AuditCheck>;
};
