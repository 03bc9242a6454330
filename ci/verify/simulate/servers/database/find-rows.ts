import { evaluateExpression, evaluateList, type Fields, plain, type Scope } from './evaluate-expression.ts';
import type { Expression } from './parse-expression.ts';
import type { Row, Table } from './tables.ts';

/**
 * The rows a condition can be about, and whether they were found by their primary key: such rows are locked before they are
 * looked at, those of a scan only when they seem to match. In the key's order, in which InnoDB locks too.
 */
export function findRows(table: Table, where: Expression | null, scope: Scope): { rows: Row[]; byKey: boolean } {
  const conditions = conjunctsOf(where);
  const [keyColumn = ''] = table.rules.keyColumns;
  const keys = table.rules.keyColumns.length === 1 && wanted(conditions, keyColumn, scope);
  if (keys) {
    const rows = [...new Set(keys.map(String))].flatMap((key) => table.rows.get(key) ?? []);
    return { rows: rows.length > 1 ? rows.sort(byKey) : rows, byKey: true };
  }
  const sids = wanted(conditions, 'sid', scope);
  const buyers = wanted(conditions, 'buyer', scope);
  if (table.rules.uniqueKey && sids && buyers && wanted(conditions, 'live', scope)) {
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

/** The values that a column is compared with, null when it is not. */
function wanted(conditions: Expression[], column: string, scope: Scope): (string | number | null)[] | null {
  for (const one of conditions) {
    if (one.kind === 'in' && isColumn(one.of, column)) return evaluateList(one.list, scope).map(plain);
    if (one.kind === 'binary' && one.operator === '=' && isColumn(one.left, column) && isConstant(one.right)) {
      return [plain(evaluateExpression(one.right, scope))];
    }
  }
  return null;
}

const isColumn = (expression: Expression, name: string) => expression.kind === 'column' && expression.name === name;
const isConstant = ({ kind }: Expression) => kind === 'value' || kind === 'parameter';
