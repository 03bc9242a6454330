import { evaluateExpression, evaluateList, type Fields, plain, type Scope, type Value } from './evaluate-expression.ts';
import { findRows, matches } from './find-rows.ts';
import type { Expression } from './parse-expression.ts';
import type { Select, Statement, UpdateOfList } from './parse-statement.ts';
import {
  completeFields,
  DatabaseError,
  keyOf,
  type Row,
  type Table,
  type Tables,
  type Transaction,
  visibleTo,
} from './tables.ts';

export type Result = Record<string, Value>[] | { affectedRows: number };
/** Yields each row whose lock it waits for, and continues when the transaction has the lock. */
export type Run = Generator<Row, Result, void>;
export type RunContext = { tables: Tables; transaction: Transaction; values: readonly unknown[]; now: Date };

/** Runs one statement of a transaction. If it throws, its writes are undone and its locks stay. */
export function* runStatement(statement: Statement, context: RunContext): Run {
  const written = new Map<Row, Fields | null | undefined>();
  try {
    switch (statement.kind) {
      case 'union': {
        const rows: Record<string, Value>[] = [];
        for (const select of statement.selects) rows.push(...(yield* runSelect(select, context)));
        return rows;
      }
      case 'update':
        return yield* runUpdate(statement, context, written);
      case 'update_of_list':
        return yield* runUpdateOfList(statement, context, written);
      case 'insert':
        return yield* runInsert(statement, context, written);
      default:
        throw new Error(`not a statement on rows: ${statement.kind}`);
    }
  } catch (error) {
    for (const [row, before] of written) row.pending = before;
    throw error;
  }
}

function tableOf({ tables }: RunContext, name: string): Table {
  const table = tables.get(name);
  if (!table) throw new Error(`the simulated database has no table ${name}`);
  return table;
}

function* lockRow(row: Row, transaction: Transaction): Generator<Row, boolean, void> {
  if (row.owner === transaction) return false;
  while (row.owner && row.owner !== transaction) yield row;
  row.owner = transaction;
  transaction.rows.add(row);
  return true;
}

/** Locks the rows that match. Under READ COMMITTED, a locked row that does not match is unlocked again. */
function* lockMatching(
  table: Table,
  where: Select['where'],
  scope: Scope,
  context: RunContext,
  skipLocked: boolean,
): Generator<Row, Row[], void> {
  const { transaction } = context;
  const found = findRows(table, where, scope);
  const locked: Row[] = [];
  for (const row of found.rows) {
    const seems = [row.committed, row.pending].some((fields) => fields && matches(where, scope, fields));
    if (!found.byKey && !seems) continue;
    if (skipLocked && row.owner && row.owner !== transaction) continue;
    const isNew = yield* lockRow(row, transaction);
    const fields = visibleTo(row, transaction);
    if (fields && matches(where, scope, fields)) locked.push(row);
    else if (isNew && row.waiters.length === 0) {
      row.owner = null;
      transaction.rows.delete(row);
      if (!row.committed) table.rows.delete(row.key);
    }
  }
  return locked;
}

function scopeOf(context: RunContext, alias: string): Scope {
  const { values, now } = context;
  const count: Scope['count'] = (table, where, outer) => countRows(tableOf(context, table), where, outer, context);
  return { alias, row: {}, joined: null, values, now, count };
}

/** The rows that a subquery finds. It has no parameters, and names the columns of the outer row with their table. */
function countRows(table: Table, where: Expression, outer: Fields, { transaction, now }: RunContext): number {
  const scope: Scope = { alias: table.name, row: {}, joined: outer, values: [], now };
  const rows = [...table.rows.values()].map((row) => visibleTo(row, transaction));
  return rows.filter((fields) => fields !== null && matches(where, scope, fields)).length;
}

function* runSelect(select: Select, context: RunContext): Generator<Row, Record<string, Value>[], void> {
  const { transaction } = context;
  const table = tableOf(context, select.table);
  const scope = scopeOf(context, select.alias);
  const { where, join, lock } = select;
  const rows =
    lock === 'none'
      ? findRows(table, where, scope).rows
      : yield* lockMatching(table, where, scope, context, lock === 'skip');
  let scopes: Scope[] = [];
  for (const row of rows) {
    const fields = visibleTo(row, transaction);
    if (fields && matches(where, scope, fields)) scopes.push({ ...scope, row: fields });
  }
  if (join) {
    const others = [...tableOf(context, join.table).rows.values()]
      .map((row) => visibleTo(row, transaction))
      .filter((fields) => fields !== null);
    scopes = scopes
      .flatMap((left) => others.map((joined) => ({ ...left, joined })))
      .filter((pair) => evaluateExpression(join.on, pair));
  }
  if (select.orderBy.length > 0) scopes.sort((a, b) => compareBy(select, table, a, b));
  let result = scopes.map((rowScope) =>
    Object.fromEntries(select.items.map(({ expression, name }) => [name, evaluateExpression(expression, rowScope)])),
  );
  if (select.distinct) result = [...new Map(result.map((row) => [JSON.stringify(row), row])).values()];
  if (select.limit) result = result.slice(0, Number(evaluateExpression(select.limit, scope)));
  return result;
}

function compareBy({ orderBy }: Select, { rules }: Table, a: Scope, b: Scope): number {
  for (const expression of orderBy) {
    const values = expression.kind === 'column' ? rules.enums?.[expression.name] : undefined;
    const rank = (scope: Scope) => {
      const value = plain(evaluateExpression(expression, scope));
      return values ? values.indexOf(String(value)) : value;
    };
    const [x, y] = [rank(a), rank(b)];
    if (x !== y) return (x ?? '') < (y ?? '') ? -1 : 1;
  }
  return 0;
}

type Written = Map<Row, Fields | null | undefined>;

function write(row: Row, fields: Fields, written: Written): void {
  if (!written.has(row)) written.set(row, row.pending);
  row.pending = fields;
}

function* runUpdate(update: Statement & { kind: 'update' }, context: RunContext, written: Written): Run {
  const table = tableOf(context, update.table);
  const scope = scopeOf(context, update.table);
  const rows = yield* lockMatching(table, update.where, scope, context, false);
  for (const row of rows) assign(row, update.set, scope, context, written);
  return { affectedRows: rows.length };
}

function assign(row: Row, set: UpdateOfList['set'], scope: Scope, context: RunContext, written: Written): void {
  const fields = { ...visibleTo(row, context.transaction) };
  // MySQL assigns from left to right and reads assigned values.
  for (const { name, to } of set) fields[name] = evaluateExpression(to, { ...scope, row: fields });
  row.table.rules.derive?.(fields);
  write(row, fields, written);
}

function* runUpdateOfList(update: UpdateOfList, context: RunContext, written: Written): Run {
  const table = tableOf(context, update.table);
  const scope = scopeOf(context, update.alias);
  let affectedRows = 0;
  for (const item of update.list) {
    const values = evaluateList(item, scope);
    const joined: Fields = {};
    for (const [i, name] of update.names.entries()) joined[name] = values[i] ?? null;
    const pair = { ...scope, joined };
    const rows = yield* lockMatching(table, update.where, pair, context, false);
    for (const row of rows) assign(row, update.set, pair, context, written);
    affectedRows += rows.length;
  }
  return { affectedRows };
}

function* runInsert(insert: Statement & { kind: 'insert' }, context: RunContext, written: Written): Run {
  const table = tableOf(context, insert.table);
  const lists = insert.rows
    ? [evaluateList(insert.rows, scopeOf(context, insert.table))]
    : (context.values[0] as Value[][]);
  let affectedRows = 0;
  for (const list of lists) {
    const given = Object.fromEntries(insert.columns.map((column, i) => [column, list[i] ?? null]));
    try {
      yield* insertRow(table, completeFields(table, given, context.now), context.transaction, written);
      affectedRows += 1;
    } catch (error) {
      if (!insert.ignore || !(error instanceof DatabaseError) || error.errno !== 1062) throw error;
    }
  }
  return { affectedRows };
}

function* insertRow(
  table: Table,
  fields: Fields,
  transaction: Transaction,
  written: Written,
): Generator<Row, void, void> {
  const key = keyOf(table, fields);
  let row = table.rows.get(key);
  if (!row) {
    row = { table, key, committed: null, pending: undefined, owner: null, waiters: [] };
    table.rows.set(key, row);
  }
  // Waits for an uncommitted row of the same key: it may be rolled back.
  yield* lockRow(row, transaction);
  if (visibleTo(row, transaction)) throw new DatabaseError(1062, `Duplicate entry '${key}' for key 'PRIMARY'`);
  const unique = table.rules.uniqueKey?.(fields) ?? null;
  if (unique !== null) yield* refuseSameUnique(table, unique, row, transaction);
  write(row, fields, written);
}

function* refuseSameUnique(
  table: Table,
  unique: string,
  row: Row,
  transaction: Transaction,
): Generator<Row, void, void> {
  const hasKey = (fields: Fields | null | undefined) => fields && table.rules.uniqueKey?.(fields) === unique;
  const same = table.byUniqueKey.get(unique) ?? new Set();
  for (const other of [...same]) {
    if (other === row || !(hasKey(other.committed) || hasKey(other.pending))) continue;
    if (other.owner !== transaction) yield* lockRow(other, transaction);
    if (hasKey(visibleTo(other, transaction))) throw new DatabaseError(1062, `Duplicate entry '${unique}'`);
  }
  table.byUniqueKey.set(unique, same.add(row));
}
