import type { Session } from '../mysql/database.ts';

/** `left_out`: the rows of this stock cannot prove it, so it was not checked. */
export type AuditResult = 'holds' | 'broken' | 'left_out';

/** One promise, checked on one stock. `name` is stable, `detail` is for people. `ok`: not broken. */
export type AuditCheck = { name: string; ok: boolean; result: AuditResult; detail: string };

export function checked(name: string, ok: boolean, detail: string): AuditCheck {
  return { name, ok, result: ok ? 'holds' : 'broken', detail };
}

/** A check that was not made. */
export function skipped(name: string, why: string): AuditCheck {
  return { name, ok: true, result: 'left_out', detail: `not checked: ${why}` };
}

/** A condition of SQL that no row may meet. */
export type Rule = { wrong: string; what: string };

/** Orders that belong to a buyer, unlike ladder orders, as a condition of SQL. */
export const HAS_BUYER = 'o.buyer <> o.order_no';

/** The deadline of one statement of an audit. */
export const AUDIT_STATEMENT_MS = 60_000;

/**
 * Runs a SELECT that the server ends after AUDIT_STATEMENT_MS, because the statement of a client that gave up continues. MariaDB reads
 * the first comment, MySQL the second.
 */
export function selectRows<Row>(session: Session, sql: string, values: unknown[]): Promise<Row[]> {
  const mariaDb = `/*M!100101 SET STATEMENT max_statement_time=${AUDIT_STATEMENT_MS / 1000} FOR */`;
  const limited = sql.trim().replace(/^SELECT\b/, `SELECT /*+ MAX_EXECUTION_TIME(${AUDIT_STATEMENT_MS}) */`);
  return session.rows<Row>(`${mariaDb} ${limited}`, values);
}

/**
 * Counts the rows that break a rule, in one pass. `source` follows the SELECT list, with the order as `o`. A row that breaks several
 * rules counts for the first of them.
 */
export async function checkRules(
  session: Session,
  name: string,
  { source, values, rules, fine }: { source: string; values: unknown[]; rules: Rule[]; fine: string },
): Promise<AuditCheck> {
  const cases = rules.map(({ wrong }, i) => `WHEN ${wrong} THEN ${i}`).join('\n');
  const rows = await selectRows<{ rule: number; n: number; example: string }>(
    session,
    `SELECT rule, COUNT(*) AS n, MIN(order_no) AS example
     FROM (SELECT o.order_no, CASE ${cases} END AS rule ${source}) judged
     WHERE rule IS NOT NULL GROUP BY rule ORDER BY rule`,
    values,
  );
  const breaches = rows.map(({ rule, n, example }) => `${rules[rule]?.what}: ${n} (such as ${example})`);
  return checked(name, breaches.length === 0, breaches.length === 0 ? fine : breaches.join('; '));
}
