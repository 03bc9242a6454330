import { evaluateExpression, evaluateList, type Fields, plain, type Scope } from './evaluate-expression.ts';
import type { Expression } from './parse-expression.ts';
import type { Row, Table } from './tables.ts';

/**
 * Candidate rows of a condition, in the order of their keys, in which InnoDB locks. Rows found by primary key are locked before they
 * are compared; rows of a scan only if they seem to match.
 */
export function findRows(table: Table, where: Expression | null, scope: Scope): { rows: Row[]; byKey: boolean } {
  const conditions = conjunctsOf(where);
  const [keyColumn = ''] = table.rules.keyColumns;
  const keys = table.rules.keyColumns.length === 1 && comparedValues(conditions, keyColumn, scope);
  if (keys) {
    const rows = [...new Set(keys.map(String))].flatMap((key) => table.rows.get(key) ?? []);
    return { rows: rows.length > 1 ? rows.sort(byKey) : rows, byKey: true };
  }
  const sids = comparedValues(conditions, 'sid', scope);
  const buyers = comparedValues(conditions, 'buyer', scope);
  if (table.rules.uniqueKey && sids && buyers && comparedValues(conditions, 'live', scope)) {
    const found = sids.flatMap((sid) => buyers.map((buyer) => table.byUniqueKey.get(`${sid} ${buyer}`)));
    return { rows: found.flatMap((rows) => (rows ? [...rows] : [])), byKey: false };
  }
  return { rows: [...table.rows.values()], byKey: false };
}

export function matches(where: Expression | null, scope: Omit<Scope, 'row'>, row: Fields): boolean {
  return where === null || Boolean(evaluateExpression(where, { ...scope, row }));
}

function byKey(a: Row, b: Row): number {
  return a.key < b.key ? -1 : 1;
}

function conjunctsOf(where: Expression | null): Expression[] {
  if (where?.kind !== 'binary' || where.operator !== 'AND') return where ? [where] : [];
  return [...conjunctsOf(where.left), ...conjunctsOf(where.right)];
}

/** The values with which a column is compared; null: none. */
function comparedValues(conditions: Expression[], column: string, scope: Scope): (string | number | null)[] | null {
  for (const condition of conditions) {
    if (condition.kind === 'in' && isColumn(condition.of, column)) {
      return evaluateList(condition.list, scope).map(plain);
    }
    if (condition.kind !== 'binary' || condition.operator !== '=') continue;
    if (isColumn(condition.left, column) && isConstant(condition.right, scope)) {
      return [plain(evaluateExpression(condition.right, scope))];
    }
  }
  return null;
}

const isColumn = (expression: Expression, name: string) => expression.kind === 'column' && expression.name === name;
/** The same for all rows of the table: a value, or a column of the row that is joined. */
const isConstant = (expression: Expression, { alias }: Scope) =>
  expression.kind === 'value' ||
  expression.kind === 'parameter' ||
  (expression.kind === 'column' && expression.table !== null && expression.table !== alias);
