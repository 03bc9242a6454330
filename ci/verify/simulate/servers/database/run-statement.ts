import assert from 'node:assert/strict';
import { evaluateExpression, evaluateList, type Fields, plain, type Scope, type Value } from './evaluate-expression.ts';
import { findRows, matches } from './find-rows.ts';
import { type LockWait, lockRow, unlockRow } from './lock-row.ts';
import type { Subquery } from './parse-expression.ts';
import type { Select, Statement, UpdateOfList } from './parse-statement.ts';
import {
  completeFields,
  createRow,
  DatabaseError,
  keyOf,
  type LockKind,
  type Row,
  type Table,
  type Tables,
  type Transaction,
  visibleTo,
} from './tables.ts';

export type Result = Record<string, Value>[] | { affectedRows: number };
/** Yields what it waits for, and continues when the transaction has the lock. */
export type Run = Generator<LockWait, Result, void>;
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

/** Locks the rows that match. Under READ COMMITTED, a locked row that does not match is unlocked again. */
function* lockMatching(
  table: Table,
  where: Select['where'],
  scope: Scope,
  context: RunContext,
  { kind = 'update', skipLocked = false }: { kind?: LockKind; skipLocked?: boolean } = {},
): Generator<LockWait, Row[], void> {
  const { transaction } = context;
  const found = findRows(table, where, scope);
  const locked: Row[] = [];
  for (const row of found.rows) {
    const seems = [row.committed, row.pending].some((fields) => fields && matches(where, scope, fields));
    if (!found.byKey && !seems) continue;
    if (skipLocked && row.owner && row.owner !== transaction) continue;
    const had = transaction.rows.has(row);
    yield* lockRow(row, transaction, kind);
    const fields = visibleTo(row, transaction);
    if (fields && matches(where, scope, fields)) locked.push(row);
    else if (!had) unlockRow(row, transaction);
  }
  return locked;
}

function scopeOf(context: RunContext, alias: string): Scope {
  const { values, now } = context;
  const find: Scope['find'] = (query, outer) => runSubquery(query, outer, context);
  return { alias, row: {}, joined: null, values, now, find };
}

function runSubquery({ table, alias, where }: Subquery, outer: Fields, context: RunContext): Fields[] {
  const scope: Scope = { alias, row: {}, joined: outer, values: [], now: context.now };
  const rows = [...tableOf(context, table).rows.values()].map((row) => visibleTo(row, context.transaction));
  return rows.filter((fields) => fields !== null && matches(where, scope, fields)) as Fields[];
}

function* runSelect(select: Select, context: RunContext): Generator<LockWait, Record<string, Value>[], void> {
  const { transaction } = context;
  const scope = scopeOf(context, select.alias);
  if (select.table === null) return [toResult(select, scope)];
  const table = tableOf(context, select.table);
  const { where, join, lock } = select;
  const kind = lock === 'share' ? 'share' : 'update';
  const rows =
    lock === 'none'
      ? findRows(table, where, scope).rows
      : yield* lockMatching(table, where, scope, context, { kind, skipLocked: lock === 'skip' });
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
  const [first] = select.items;
  if (first?.expression.kind === 'count_all') return [{ [first.name]: scopes.length }];
  let result = scopes.map((rowScope) => toResult(select, rowScope));
  if (select.distinct) result = [...new Map(result.map((row) => [JSON.stringify(row), row])).values()];
  if (select.limit) result = result.slice(0, Number(evaluateExpression(select.limit, scope)));
  return result;
}

function toResult({ items }: Select, scope: Scope): Record<string, Value> {
  return Object.fromEntries(items.map(({ expression, name }) => [name, evaluateExpression(expression, scope)]));
}

function compareBy({ orderBy }: Select, { rules }: Table, a: Scope, b: Scope): number {
  for (const { by, isDescending } of orderBy) {
    const values = by.kind === 'column' ? rules.enums?.[by.name] : undefined;
    const rank = (scope: Scope) => {
      const value = plain(evaluateExpression(by, scope));
      return values ? values.indexOf(String(value)) : value;
    };
    const [x, y] = [rank(a), rank(b)];
    if (x !== y) return (x ?? '') < (y ?? '') !== isDescending ? -1 : 1;
  }
  return 0;
}

type Written = Map<Row, Fields | null | undefined>;

function write(row: Row, fields: Fields | null, written: Written): void {
  if (!written.has(row)) written.set(row, row.pending);
  row.pending = fields;
}

function* runUpdate(update: Statement & { kind: 'update' }, context: RunContext, written: Written): Run {
  const table = tableOf(context, update.table);
  const scope = scopeOf(context, update.table);
  const rows = yield* lockMatching(table, update.where, scope, context);
  for (const row of rows) assign(row, update.set, scope, context, written);
  return { affectedRows: rows.length };
}

function assign(row: Row, set: UpdateOfList['set'], scope: Scope, context: RunContext, written: Written): void {
  const fields = { ...visibleTo(row, context.transaction) };
  // MySQL assigns from left to right and reads assigned values.
  for (const { name, to } of set) fields[name] = evaluateExpression(to, { ...scope, row: fields });
  row.table.rules.derive?.(fields);
  const key = keyOf(row.table, fields);
  if (key === row.key) {
    write(row, fields, written);
    return;
  }
  // As in InnoDB, a row with another primary key is another row. The new keys are random numbers, so there is no other such row.
  assert(!row.table.rows.has(key));
  const moved = createRow(row.table, key);
  moved.owner = context.transaction;
  context.transaction.rows.add(moved);
  write(row, null, written);
  write(moved, fields, written);
}

function* runUpdateOfList(update: UpdateOfList, context: RunContext, written: Written): Run {
  const table = tableOf(context, update.table);
  const scope = scopeOf(context, update.alias);
  let affectedRows = 0;
  for (const values of listOf(update, scope)) {
    const joined: Fields = {};
    for (const [i, name] of update.names.entries()) joined[name] = values[i] ?? null;
    const pair = { ...scope, joined };
    const rows = yield* lockMatching(table, update.where, pair, context);
    for (const row of rows) assign(row, update.set, pair, context, written);
    affectedRows += rows.length;
  }
  return { affectedRows };
}

function listOf({ list }: UpdateOfList, scope: Scope): Value[][] {
  if (Array.isArray(list)) return list.map((item) => evaluateList(item, scope));
  return JSON.parse(String(evaluateExpression(list.json, scope))) as Value[][];
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
): Generator<LockWait, void, void> {
  const key = keyOf(table, fields);
  const row = table.rows.get(key) ?? createRow(table, key);
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
): Generator<LockWait, void, void> {
  const hasKey = (fields: Fields | null | undefined) => fields && table.rules.uniqueKey?.(fields) === unique;
  const same = table.byUniqueKey.get(unique) ?? new Set();
  for (const other of [...same]) {
    if (other === row || !(hasKey(other.committed) || hasKey(other.pending))) continue;
    if (other.owner !== transaction) yield* lockRow(other, transaction);
    if (hasKey(visibleTo(other, transaction))) throw new DatabaseError(1062, `Duplicate entry '${unique}'`);
  }
  table.byUniqueKey.set(unique, same.add(row));
}
