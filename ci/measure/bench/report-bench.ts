import { writeJson } from '../../command/write-json.ts';
import type { BenchAudit } from './audit-bench.ts';

/** Prints the table and the audit of a result, and writes the result to `file`. Returns the exit code: 1 if the audit failed. */
export function reportBench(result: { audit: BenchAudit }, table: string, file: string | undefined): number {
  const { ok, checks, stocks, records, broken } = result.audit;
  console.log(`\n${table}\n`);
  for (const line of broken) console.log(`✗ ${line}`);
  console.log(
    `${ok ? '✓ all of' : '✗ not all of'} ${checks} checks passed on ${stocks} stocks and ${records} records of the log`,
  );
  writeJson(file, result);
  return ok ? 0 : 1;
}
