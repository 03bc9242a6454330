import type { TokenReader } from './token-reader.ts';

export type Expression =
  | { kind: 'column'; table: string | null; name: string }
  | { kind: 'value'; value: string | number | null }
  | { kind: 'parameter'; index: number }
  | { kind: 'now' }
  | { kind: 'if'; condition: Expression; then: Expression; otherwise: Expression }
  | { kind: 'in'; of: Expression; list: Expression[] }
  | { kind: 'is_null'; of: Expression; not: boolean }
  | { kind: 'seconds'; of: Expression }
  | { kind: 'tuple_in'; of: Expression[]; list: Expression }
  | ({ kind: 'count' } & Subquery)
  | ({ kind: 'max'; column: string } & Subquery)
  | { kind: 'count_all' }
  | { kind: 'call'; name: string; of: Expression[] }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression };

/** Its condition names the columns of the outer row with their table, and has no parameters. */
export type Subquery = { table: string; alias: string; where: Expression };

const COMPARISONS = ['<=', '>=', '<>', '=', '<', '>'];

type Parse = (reader: TokenReader) => Expression;

const parseProduct = binary(['*', '/'], parsePrimary);
const parseSum = binary(['+', '-'], parseProduct);
export const parseExpression = binary(['OR'], binary(['AND'], parsePredicate));

/** Operands with operators of one precedence between them. */
function binary(operators: string[], parseOperand: Parse): Parse {
  return (reader) => {
    let left = parseOperand(reader);
    for (;;) {
      const operator = operators.find(reader.take);
      if (!operator) return left;
      left = { kind: 'binary', operator, left, right: parseOperand(reader) };
    }
  };
}

function parsePredicate(reader: TokenReader): Expression {
  const left = parseSum(reader);
  if (reader.take('IN')) {
    reader.expect('(');
    const list = parseExpressions(reader);
    reader.expect(')');
    return { kind: 'in', of: left, list };
  }
  if (reader.take('IS')) {
    const not = reader.take('NOT');
    reader.expect('NULL');
    return { kind: 'is_null', of: left, not };
  }
  const operator = COMPARISONS.find(reader.take);
  return operator ? { kind: 'binary', operator, left, right: parseSum(reader) } : left;
}

function parsePrimary(reader: TokenReader): Expression {
  if (reader.take('(')) {
    if (reader.take('SELECT')) return parseSubquery(reader);
    const inner = parseExpressions(reader);
    reader.expect(')');
    if (inner.length === 1) return inner[0] as Expression;
    reader.expect('IN', '(');
    const list = parseExpression(reader);
    reader.expect(')');
    return { kind: 'tuple_in', of: inner, list };
  }
  if (reader.take('INTERVAL')) return parseInterval(reader);
  const index = reader.parameter();
  if (index !== null) return { kind: 'parameter', index };
  if (reader.take('NULL')) return { kind: 'value', value: null };
  if (reader.take('TRUE')) return { kind: 'value', value: 1 };
  if (reader.take('FALSE')) return { kind: 'value', value: 0 };
  const value = reader.literal();
  if (value !== null) return { kind: 'value', value };
  const name = reader.word();
  if (name.toUpperCase() === 'NOW' && reader.take('(')) {
    reader.expect('3', ')');
    return { kind: 'now' };
  }
  if (name.toUpperCase() === 'IF' && reader.take('(')) {
    const [condition, then, otherwise] = parseExpressions(reader) as [Expression, Expression, Expression];
    reader.expect(')');
    return { kind: 'if', condition, then, otherwise };
  }
  if (name.toUpperCase() === 'COUNT' && reader.take('(')) {
    reader.expect('*', ')');
    return { kind: 'count_all' };
  }
  if (FUNCTIONS.has(name.toUpperCase()) && reader.take('(')) {
    const of = parseExpressions(reader);
    reader.expect(')');
    return { kind: 'call', name: name.toUpperCase(), of };
  }
  if (reader.take('.')) return { kind: 'column', table: name, name: reader.word() };
  return { kind: 'column', table: null, name };
}

/** `SELECT COUNT(*) FROM table …` or `SELECT MAX(alias.column) FROM table alias …`, behind its SELECT. */
function parseSubquery(reader: TokenReader): Expression {
  const isCount = reader.take('COUNT');
  if (!isCount) reader.expect('MAX');
  reader.expect('(');
  const of = isCount ? null : parseExpression(reader);
  if (isCount) reader.expect('*');
  reader.expect(')', 'FROM');
  const table = reader.word();
  const next = reader.peekWord()?.toUpperCase();
  const alias = next === 'FORCE' || next === 'WHERE' ? table : reader.word();
  skipHint(reader);
  reader.expect('WHERE');
  const query: Subquery = { table, alias, where: parseExpression(reader) };
  reader.expect(')');
  if (of?.kind !== 'column') return { kind: 'count', ...query };
  return { kind: 'max', column: of.name, ...query };
}

/** The index decides which rows are locked beside those that match; findRows locks none of them. */
export function skipHint(reader: TokenReader): void {
  if (!reader.take('FORCE')) return;
  reader.expect('INDEX', '(');
  reader.word();
  reader.expect(')');
}

const FUNCTIONS: ReadonlySet<string> = new Set([
  ...['COALESCE', 'GREATEST', 'LEAST', 'POW', 'FLOOR', 'UNIX_TIMESTAMP', 'UNHEX'],
]);

const SECONDS_OF: Record<string, number> = { MICROSECOND: 1e-6, SECOND: 1, MINUTE: 60, DAY: 86_400 };

/** In seconds: to a time, they add milliseconds. */
function parseInterval(reader: TokenReader): Expression {
  const of = parseProduct(reader);
  const unit = Object.keys(SECONDS_OF).find(reader.take);
  if (!unit) reader.expect('SECOND');
  const right: Expression = { kind: 'value', value: SECONDS_OF[unit ?? 'SECOND'] ?? 1 };
  return { kind: 'seconds', of: { kind: 'binary', operator: '*', left: of, right } };
}

export function parseExpressions(reader: TokenReader): Expression[] {
  return reader.listOf(() => parseExpression(reader));
}
