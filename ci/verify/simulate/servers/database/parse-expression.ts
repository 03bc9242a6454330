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
  | { kind: 'count'; table: string; where: Expression }
  | { kind: 'call'; name: string; of: Expression[] }
  | { kind: 'binary'; operator: string; left: Expression; right: Expression };

const COMPARISONS = ['<=', '>=', '<>', '=', '<', '>'];

type Parse = (reader: TokenReader) => Expression;

const parseProduct = binary(['*'], parsePrimary);
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
    const inner = reader.take('SELECT') ? parseCount(reader) : parseExpression(reader);
    reader.expect(')');
    return inner;
  }
  if (reader.take('INTERVAL')) return parseInterval(reader);
  const index = reader.parameter();
  if (index !== null) return { kind: 'parameter', index };
  if (reader.take('NULL')) return { kind: 'value', value: null };
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
  if (FUNCTIONS.has(name.toUpperCase()) && reader.take('(')) {
    const of = parseExpressions(reader);
    reader.expect(')');
    return { kind: 'call', name: name.toUpperCase(), of };
  }
  if (reader.take('.')) return { kind: 'column', table: name, name: reader.word() };
  return { kind: 'column', table: null, name };
}

/** `SELECT COUNT(*) FROM table FORCE INDEX (name) WHERE …`, behind its SELECT. */
function parseCount(reader: TokenReader): Expression {
  reader.expect('COUNT', '(', '*', ')', 'FROM');
  const table = reader.word();
  reader.expect('FORCE', 'INDEX', '(');
  reader.word();
  reader.expect(')', 'WHERE');
  return { kind: 'count', table, where: parseExpression(reader) };
}

const FUNCTIONS: ReadonlySet<string> = new Set(['COALESCE', 'GREATEST', 'LEAST', 'POW']);

/** In seconds: to a time, they add milliseconds. */
function parseInterval(reader: TokenReader): Expression {
  const of = parseProduct(reader);
  if (reader.take('SECOND')) return { kind: 'seconds', of };
  reader.expect('MINUTE');
  const sixty: Expression = { kind: 'value', value: 60 };
  return { kind: 'seconds', of: { kind: 'binary', operator: '*', left: of, right: sixty } };
}

export function parseExpressions(reader: TokenReader): Expression[] {
  return reader.listOf(() => parseExpression(reader));
}
