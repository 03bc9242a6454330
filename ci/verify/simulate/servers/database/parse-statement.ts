import { type Expression, parseExpression, parseExpressions, skipHint } from './parse-expression.ts';
import { createTokenReader, type TokenReader } from './token-reader.ts';

// The part of SQL that the order path uses. Everything else throws: the simulated database never guesses.

export type Select = {
  kind: 'select';
  distinct: boolean;
  items: { expression: Expression; name: string }[];
  /** Null: one row without columns. */
  table: string | null;
  alias: string;
  join: { table: string; alias: string; on: Expression } | null;
  where: Expression | null;
  orderBy: { by: Expression; isDescending: boolean }[];
  limit: Expression | null;
  lock: 'none' | 'share' | 'wait' | 'skip';
};
type Assignment = { name: string; to: Expression };
/** Changes the rows of `table` that join each item of a list, in the sequence of the list. */
export type UpdateOfList = {
  kind: 'update_of_list';
  names: string[];
  /** `json`: a text of JSON with an array of arrays. */
  list: Expression[][] | { json: Expression };
  table: string;
  alias: string;
  set: Assignment[];
  /** The condition of the join, and that of the statement. */
  where: Expression;
};
export type Statement =
  | { kind: 'begin' | 'commit' | 'rollback' }
  | { kind: 'call' }
  | { kind: 'union'; selects: Select[] }
  | { kind: 'update'; table: string; set: Assignment[]; where: Expression | null }
  | UpdateOfList
  | { kind: 'insert'; table: string; ignore: boolean; columns: string[]; rows: Expression[] | null };

/** Words that end a table's name and cannot be its alias. */
const AFTER_TABLE = /^(FORCE|JOIN|ON|WHERE|ORDER|LIMIT|FOR|LOCK|UNION|SET)$/i;
const parsed = new Map<string, Statement>();

/** Each text is parsed once. */
export function parseStatement(sql: string): Statement {
  let statement = parsed.get(sql);
  if (!statement) {
    const reader = createTokenReader(sql);
    statement = parse(reader);
    reader.end();
    parsed.set(sql, statement);
  }
  return statement;
}

function parse(reader: TokenReader): Statement {
  if (reader.take('BEGIN')) return { kind: 'begin' };
  if (reader.take('COMMIT')) return { kind: 'commit' };
  if (reader.take('ROLLBACK')) return { kind: 'rollback' };
  if (reader.take('CALL')) return parseCall(reader);
  if (reader.take('UPDATE')) return parseUpdate(reader);
  if (reader.take('INSERT')) return parseInsert(reader);
  const selects = [parseSelect(reader)];
  while (reader.take('UNION')) {
    reader.expect('ALL');
    selects.push(parseSelect(reader));
  }
  return { kind: 'union', selects };
}

/** The only procedure. */
function parseCall(reader: TokenReader): Statement {
  reader.expect('CONFIRM_RUSH_ORDERS', '(');
  reader.listOf(() => reader.expect('?'));
  reader.expect(')');
  return { kind: 'call' };
}

function parseSelect(reader: TokenReader): Select {
  reader.expect('SELECT');
  const distinct = reader.take('DISTINCT');
  const items = reader.listOf(() => {
    const expression = parseExpression(reader);
    const ownName = expression.kind === 'column' ? expression.name : '?';
    return { expression, name: reader.take('AS') ? reader.word() : ownName };
  });
  const { table, alias } = reader.take('FROM') ? parseTable(reader) : { table: null, alias: '' };
  skipHint(reader);
  return {
    kind: 'select',
    distinct,
    items,
    table,
    alias,
    join: parseJoin(reader),
    where: parseWhere(reader),
    orderBy: parseOrderBy(reader),
    limit: reader.take('LIMIT') ? parseExpression(reader) : null,
    lock: parseLock(reader),
  };
}

function parseTable(reader: TokenReader): { table: string; alias: string } {
  const table = reader.word();
  const next = reader.peekWord();
  return { table, alias: next === null || AFTER_TABLE.test(next) ? table : reader.word() };
}

function parseJoin(reader: TokenReader): Select['join'] {
  if (!reader.take('JOIN') && !reader.take('STRAIGHT_JOIN')) return null;
  const { table, alias } = parseTable(reader);
  reader.expect('ON');
  return { table, alias, on: parseExpression(reader) };
}

function parseWhere(reader: TokenReader): Expression | null {
  return reader.take('WHERE') ? parseExpression(reader) : null;
}

function parseOrderBy(reader: TokenReader): Select['orderBy'] {
  if (!reader.take('ORDER')) return [];
  reader.expect('BY');
  return reader.listOf(() => ({ by: parseExpression(reader), isDescending: reader.take('DESC') }));
}

function parseLock(reader: TokenReader): Select['lock'] {
  if (reader.take('LOCK')) {
    reader.expect('IN', 'SHARE', 'MODE');
    return 'share';
  }
  if (!reader.take('FOR')) return 'none';
  reader.expect('UPDATE');
  if (!reader.take('SKIP')) return 'wait';
  reader.expect('LOCKED');
  return 'skip';
}

/** `UPDATE (SELECT ? AS a, … UNION ALL SELECT ?, …) list STRAIGHT_JOIN table t ON … SET t.b = … WHERE …` */
function parseUpdateOfList(reader: TokenReader): UpdateOfList {
  const { names, list } = parseList(reader);
  reader.word();
  reader.expect('STRAIGHT_JOIN');
  const { table, alias } = parseTable(reader);
  skipHint(reader);
  reader.expect('ON');
  const on = parseExpression(reader);
  reader.expect('SET');
  const set = reader.listOf(() => {
    reader.expect(alias.toUpperCase(), '.');
    return parseAssignment(reader);
  });
  const own = parseWhere(reader);
  const where: Expression = own ? { kind: 'binary', operator: 'AND', left: on, right: own } : on;
  return { kind: 'update_of_list', names, list, table, alias, set, where };
}

/** `JSON_TABLE(?, '$[*]' COLUMNS (a CHAR(64) PATH '$[0]', …))`: the columns are in sequence. */
function parseJsonTable(reader: TokenReader): Pick<UpdateOfList, 'names' | 'list'> {
  reader.expect('(');
  const json = parseExpression(reader);
  reader.expect(',');
  reader.literal();
  reader.expect('COLUMNS', '(');
  const names = reader.listOf(() => {
    const name = reader.word();
    reader.word();
    if (reader.take('(')) {
      reader.literal();
      reader.expect(')');
    }
    reader.expect('PATH');
    reader.literal();
    return name;
  });
  reader.expect(')', ')');
  return { names, list: { json } };
}

function parseList(reader: TokenReader): Pick<UpdateOfList, 'names' | 'list'> {
  if (reader.take('JSON_TABLE')) return parseJsonTable(reader);
  reader.expect('(');
  let names: string[] = [];
  const list: Expression[][] = [];
  do {
    reader.take('ALL');
    reader.expect('SELECT');
    const items = reader.listOf(() => {
      const value = parseExpression(reader);
      return { value, name: reader.take('AS') ? reader.word() : '' };
    });
    if (list.length === 0) names = items.map(({ name }) => name);
    list.push(items.map(({ value }) => value));
  } while (reader.take('UNION'));
  reader.expect(')');
  return { names, list };
}

function parseAssignment(reader: TokenReader): Assignment {
  const name = reader.word();
  reader.expect('=');
  return { name, to: parseExpression(reader) };
}

function parseUpdate(reader: TokenReader): Statement {
  const first = reader.peekWord();
  if (first === null || first === 'JSON_TABLE') return parseUpdateOfList(reader);
  const table = reader.word();
  skipHint(reader);
  reader.expect('SET');
  const set = reader.listOf(() => parseAssignment(reader));
  return { kind: 'update', table, set, where: parseWhere(reader) };
}

function parseInsert(reader: TokenReader): Statement {
  const ignore = reader.take('IGNORE');
  reader.expect('INTO');
  const table = reader.word();
  reader.expect('(');
  const columns = reader.listOf(reader.word);
  reader.expect(')', 'VALUES');
  // `VALUES ?` is a list of rows, `VALUES (…)` one row.
  if (reader.take('?')) return { kind: 'insert', table, ignore, columns, rows: null };
  reader.expect('(');
  const rows = parseExpressions(reader);
  reader.expect(')');
  return { kind: 'insert', table, ignore, columns, rows };
}
