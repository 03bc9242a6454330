import { auditSystem } from '../../ops/audit/audit-system.ts';
import type { BenchSystem } from './bench-system.ts';

export type BenchAudit = { ok: boolean; stocks: number; checks: number; records: number; broken: string[] };

/** Audits all orders of the run. */
export async function auditBench(system: BenchSystem, print: (line: string) => void): Promise<BenchAudit> {
  print('· auditing all orders of this run');
  const { ok, stocks, log } = await auditSystem({ ...system, orderRecordKey: system.secrets.ORDER_RECORD_KEY });
  const checks = [...log.checks, ...stocks.flatMap((stock) => stock.checks)];
  const broken = checks.filter((check) => !check.ok).map(({ name, detail }) => `${name}: ${detail}`);
  return { ok, stocks: stocks.length, checks: checks.length, records: log.records, broken };
}

/** Those of several systems as one. */
export function addAudits(audits: BenchAudit[]): BenchAudit {
  const sum = (pick: (audit: BenchAudit) => number) => audits.reduce((total, audit) => total + pick(audit), 0);
  return {
    ok: audits.every(({ ok }) => ok),
    stocks: sum(({ stocks }) => stocks),
    checks: sum(({ checks }) => checks),
    records: sum(({ records }) => records),
    broken: audits.flatMap(({ broken }) => broken),
  };
}
