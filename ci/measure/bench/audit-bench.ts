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
