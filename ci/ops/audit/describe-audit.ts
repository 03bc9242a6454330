import type { AuditCheck, AuditResult } from '../../../db/audit/audit-rules.ts';
import type { SystemAudit } from './audit-system.ts';

const MARKS: Record<AuditResult, string> = { holds: '✓', broken: '✗', left_out: '–' };

/** One line for each check. */
export function describeChecks(checks: AuditCheck[]): string[] {
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  return checks.map(({ name, result, detail }) => `  ${MARKS[result]} ${name.padEnd(width)}  ${detail}`);
}

/** The report for people. A healthy stock of the ladder takes one line: each run makes six of them. */
export function describeAudit({ ok, stocks, log, wrongOnPurpose }: SystemAudit): string[] {
  const lines: string[] = [];
  for (const { sid, name, kind, ok: isFine, checks } of stocks) {
    const title = `Stock ${sid} (${name})`;
    if (kind === 'ladder' && isFine && stocks.length > 1) lines.push(`${title}  ✓ ${describeCount(checks)}`);
    else lines.push(title, ...describeChecks(checks));
    if (kind === 'ladder' && !isFine) lines.push('  (the strategy `wrong` of the ladder oversells on purpose)');
  }
  lines.push(`The log (${log.records} records)`, ...describeChecks(log.checks));
  if (wrongOnPurpose > 0) {
    lines.push(
      `Skipped: ${wrongOnPurpose} stocks that the strategy \`wrong\` oversold on purpose; --stock ID audits one of them.`,
    );
  }
  const checks = [...log.checks, ...stocks.flatMap((stock) => stock.checks)];
  const broken = checks.filter((check) => !check.ok).length;
  lines.push(
    ok
      ? `✓ ${describeCount(checks)}, on ${stocks.length} stocks: no promise is broken.`
      : `✗ ${broken} of ${checks.length} checks failed.`,
  );
  return lines;
}

function describeCount(checks: AuditCheck[]): string {
  const skipped = checks.filter(({ result }) => result === 'left_out').length;
  return skipped === 0 ? `${checks.length} checks` : `${checks.length - skipped} checks, ${skipped} skipped`;
}
