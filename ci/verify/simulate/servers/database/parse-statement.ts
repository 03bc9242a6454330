// The part of SQL that the order path uses, parsed once for each text. What is not known here throws: the stand-in never guesses.

export type Expression =
  | { kind: 'column'; table: string | null; name: string }
  | { kind: 'value'; value: string | number | null }
  | { kind: 'parameter'; index: number }
  | { kind: 'now' }
  | { kind: 'if'; condition: Expression; then: Expression; otherwise: Expression }
  | { kind: 'in'; of: Expression; list: Expression[] }
  | { kind: 'is_null'; of: Expression; not: boolean }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression };

export type Select = {
  kind: 'select';
  distinct: boolean;
  items: { expression: Expression; name: string }[];
  table: string;
  alias: string;
  join: { table: string; alias: string; on: Expression } | null;
  where: Expression | null;
  orderBy: Expression[];
  limit: Expression | null;
  lock: 'none' | 'wait' | 'skip';
};
export type Statement =
  | { kind: 'begin' | 'commit' | 'rollback' }
  | { kind: 'union'; selects: Select[] }
  | { kind: 'update'; table: string; set: { name: string; to: Expression }[]; where: Expression | null }
  | { kind: 'insert'; table: string; ignore: boolean; columns: string[]; rows: Expression[] | null };

const TOKEN = /\s*(?:([A-Za-z_][A-Za-z_0-9]*)|(\d+)|'([^']*)'|(<=|>=|<>|[=<>?(),.+*-]))/y;
const parsed = new Map<string, Statement>();

export function parseStatement(sql: string): Statement {
  let statement = parsed.get(sql);
  if (!statement) {
    statement = parse(sql);
    parsed.set(sql, statement);
  }
  return statement;
}

type Token = { kind: 'word' | 'number' | 'text' | 'sign'; text: string };

function tokensOf(sql: string): Token[] {
  const tokens: Token[] = [];
  const text = sql.trim();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const match = TOKEN.exec(text);
    if (!match) throw new Error(`the stand-in of the database cannot read: ${sql}`);
    const [, word, number, quoted, sign] = match;
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else if (number !== undefined) tokens.push({ kind: 'number', text: number });
    else if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else tokens.push({ kind: 'sign', text: sign ?? '' });
  }
  return tokens;
}

function parse(sql: string): Statement {
  const tokens = tokensOf(sql);
  let at = 0;
  let parameters = 0;

  const is = (text: string) => tokens[at]?.kind !== 'text' && tokens[at]?.text.toUpperCase() === text;
  const take = (text: string) => {
    if (!is(text)) return false;
    at += 1;
    return true;
  };
  function need(...texts: string[]): void {
    for (const text of texts) if (!take(text)) throw new Error(`'${text}' expected at ${at}: ${sql}`);
  }
  function word(): string {
    const token = tokens[at];
    if (token?.kind !== 'word') throw new Error(`a name expected at ${at}: ${sql}`);
    at += 1;
    return token.text;
  }
  function listOf<T>(one: () => T): T[] {
    const list = [one()];
    while (take(',')) list.push(one());
    return list;
  }
  const binary = (operators: string[], operand: () => Expression) => (): Expression => {
    let left = operand();
    for (;;) {
      const operator = operators.find(take);
      if (!operator) return left;
      left = { kind: 'binary', operator, left, right: operand() };
    }
  };

  function primary(): Expression {
    if (take('(')) {
      const inner = expression();
      need(')');
      return inner;
    }
    if (take('?')) return { kind: 'parameter', index: parameters++ };
    if (take('NULL')) return { kind: 'value', value: null };
    const token = tokens[at];
    if (token?.kind === 'number' || token?.kind === 'text') {
      at += 1;
      return { kind: 'value', value: token.kind === 'number' ? Number(token.text) : token.text };
    }
    const name = word();
    if (name.toUpperCase() === 'NOW' && take('(')) {
      need('3', ')');
      return { kind: 'now' };
    }
    if (name.toUpperCase() === 'IF' && take('(')) {
      const [condition, then, otherwise] = listOf(expression) as [Expression, Expression, Expression];
      need(')');
      return { kind: 'if', condition, then, otherwise };
    }
    return take('.') ? { kind: 'column', table: name, name: word() } : { kind: 'column', table: null, name };
  }
  const sum = binary(['+', '-'], primary);
  function predicate(): Expression {
    const left = sum();
    if (take('IN')) {
      need('(');
      const list = listOf(expression);
      need(')');
      return { kind: 'in', of: left, list };
    }
    if (take('IS')) {
      const not = take('NOT');
      need('NULL');
      return { kind: 'is_null', of: left, not };
    }
    const operator = ['<=', '>=', '<>', '=', '<', '>'].find(take);
    return operator ? { kind: 'binary', operator, left, right: sum() } : left;
  }
  const expression = binary(['OR'], binary(['AND'], predicate));

  function tableAlias(table: string): string {
    const token = tokens[at];
    const isAlias = token?.kind === 'word' && !/^(FORCE|JOIN|ON|WHERE|ORDER|LIMIT|FOR|UNION)$/i.test(token.text);
    return isAlias ? word() : table;
  }

  function select(): Select {
    need('SELECT');
    const distinct = take('DISTINCT');
    const items = listOf(() => {
      const of = expression();
      const name = take('AS') ? word() : of.kind === 'column' ? of.name : '?';
      return { expression: of, name };
    });
    need('FROM');
    const table = word();
    const alias = tableAlias(table);
    if (take('FORCE')) {
      need('INDEX', '(');
      word();
      need(')');
    }
    let join: Select['join'] = null;
    if (take('JOIN')) {
      const other = word();
      const otherAlias = tableAlias(other);
      need('ON');
      join = { table: other, alias: otherAlias, on: expression() };
    }
    const where = take('WHERE') ? expression() : null;
    let orderBy: Expression[] = [];
    if (take('ORDER')) {
      need('BY');
      orderBy = listOf(expression);
    }
    const limit = take('LIMIT') ? expression() : null;
    let lock: Select['lock'] = 'none';
    if (take('FOR')) {
      need('UPDATE');
      lock = 'wait';
      if (take('SKIP')) {
        need('LOCKED');
        lock = 'skip';
      }
    }
    return { kind: 'select', distinct, items, table, alias, join, where, orderBy, limit, lock };
  }

  function update(): Statement {
    const table = word();
    need('SET');
    const set = listOf(() => {
      const name = word();
      need('=');
      return { name, to: expression() };
    });
    return { kind: 'update', table, set, where: take('WHERE') ? expression() : null };
  }

  function insert(): Statement {
    const ignore = take('IGNORE');
    need('INTO');
    const table = word();
    need('(');
    const columns = listOf(word);
    need(')', 'VALUES');
    // `VALUES ?` is a list of rows, `VALUES (…)` one row.
    if (take('?')) return { kind: 'insert', table, ignore, columns, rows: null };
    need('(');
    const rows = listOf(expression);
    need(')');
    return { kind: 'insert', table, ignore, columns, rows };
  }

  function statement(): Statement {
    if (take('BEGIN')) return { kind: 'begin' };
    if (take('COMMIT')) return { kind: 'commit' };
    if (take('ROLLBACK')) return { kind: 'rollback' };
    if (take('UPDATE')) return update();
    if (take('INSERT')) return insert();
    const selects = [select()];
    while (take('UNION')) {
      need('ALL');
      selects.push(select());
    }
    return { kind: 'union', selects };
  }
  const result = statement();
  if (at !== tokens.length)
    throw new Error(`the stand-in of the database knows nothing of '${tokens[at]?.text}': ${sql}`);
  return result;
}
