import type { Expression, Subquery } from './parse-expression.ts';

export type Value = string | number | bigint | boolean | Date | Buffer | null;
export type Fields = Record<string, Value>;

/** What an expression reads: a row, the row joined to it, and the statement's parameters. */
export type Scope = {
  alias: string;
  row: Fields;
  joined: Fields | null;
  values: readonly unknown[];
  now: Date;
  /** The rows that a subquery finds for the row of this scope. */
  find?(query: Subquery, outer: Fields): Fields[];
};

type Evaluate = (scope: Scope) => Value;
const compiled = new WeakMap<Expression, Evaluate>();

/** The value of an expression; comparisons are 1 or 0, and NULL when one side is, as in MySQL. */
export function evaluateExpression(expression: Expression, scope: Scope): Value {
  let evaluate = compiled.get(expression);
  if (!evaluate) {
    evaluate = compile(expression);
    compiled.set(expression, evaluate);
  }
  return evaluate(scope);
}

/** The values of a list; a parameter that is an array counts as its items, as in mysql2. */
export function evaluateList(list: Expression[], scope: Scope): Value[] {
  return list.flatMap((item) => {
    const given = item.kind === 'parameter' ? scope.values[item.index] : undefined;
    return Array.isArray(given) ? (given as Value[]) : [evaluateExpression(item, scope)];
  });
}

function compile(expression: Expression): Evaluate {
  switch (expression.kind) {
    case 'value':
      return () => expression.value;
    case 'parameter':
      return ({ values }) => (values[expression.index] ?? null) as Value;
    case 'now':
      return ({ now }) => now;
    case 'if': {
      const [condition, then, otherwise] = [expression.condition, expression.then, expression.otherwise].map(compile);
      return (scope) => (condition?.(scope) ? then : otherwise)?.(scope) ?? null;
    }
    case 'column':
      return (scope) => readColumn(expression, scope);
    case 'in': {
      const of = compile(expression.of);
      return (scope) => {
        const value = plain(of(scope));
        return evaluateList(expression.list, scope).some((item) => plain(item) === value) ? 1 : 0;
      };
    }
    case 'is_null': {
      const of = compile(expression.of);
      return (scope) => Number((of(scope) === null) !== expression.not);
    }
    case 'seconds': {
      const of = compile(expression.of);
      return (scope) => {
        const value = of(scope);
        return value === null ? null : Number(value) * 1000;
      };
    }
    case 'tuple_in':
      return compileTuples(expression.of.map(compile), expression.list);
    case 'count':
      return (scope) => findBy(expression, scope).length;
    case 'max':
      return (scope) => {
        const values = findBy(expression, scope).map((row) => row[expression.column] ?? null);
        return values.reduce((max, value) => (Number(plain(value)) > Number(plain(max)) ? value : max), null);
      };
    case 'count_all':
      throw new Error('the simulated database counts all rows of a SELECT only');
    case 'call':
      return compileCall(expression.name, expression.of.map(compile));
    case 'binary':
      return compileBinary(expression.operator, compile(expression.left), compile(expression.right));
    default:
      return expression satisfies never;
  }
}

function findBy(query: Subquery, { find, row }: Scope): Fields[] {
  if (!find) throw new Error('the simulated database has no subquery here');
  return find(query, row);
}

/** `(a, b) IN (?)`, with an array of arrays. */
function compileTuples(of: Evaluate[], list: Expression): Evaluate {
  return (scope) => {
    const tuples = (list.kind === 'parameter' ? scope.values[list.index] : []) as Value[][];
    const values = of.map((each) => plain(each(scope)));
    return Number(tuples.some((tuple) => tuple.every((item, i) => plain(item) === values[i])));
  };
}

function readColumn({ table, name }: { table: string | null; name: string }, { alias, row, joined }: Scope): Value {
  const from = table === null || table === alias ? row : joined;
  const value = from?.[name];
  if (value === undefined) throw new Error(`the simulated database has no column ${table ?? alias}.${name}`);
  return value;
}

function compileBinary(operator: string, left: Evaluate, right: Evaluate): Evaluate {
  if (operator === 'AND') return (scope) => (left(scope) && right(scope) ? 1 : 0);
  if (operator === 'OR') return (scope) => (left(scope) || right(scope) ? 1 : 0);
  return (scope) => {
    const [of, b] = [left(scope), plain(right(scope))];
    const a = plain(of);
    if (a === null || b === null) return null;
    const result = apply(operator, a, b);
    return of instanceof Date && (operator === '+' || operator === '-') ? new Date(result) : result;
  };
}

function compileCall(name: string, of: Evaluate[]): Evaluate {
  if (name === 'COALESCE') {
    return (scope) => {
      for (const each of of) {
        const value = each(scope);
        if (value !== null) return value;
      }
      return null;
    };
  }
  return (scope) => {
    const values = of.map((each) => each(scope));
    if (values.includes(null)) return null;
    if (name === 'UNHEX') return Buffer.from(String(values[0]), 'hex');
    const numbers = values.map(Number);
    if (name === 'FLOOR') return Math.floor(numbers[0] ?? 0);
    if (name === 'UNIX_TIMESTAMP') return (numbers[0] ?? 0) / 1000;
    if (name === 'POW') return (numbers[0] ?? 0) ** (numbers[1] ?? 0);
    const best = name === 'GREATEST' ? Math.max(...numbers) : Math.min(...numbers);
    return values[numbers.indexOf(best)] ?? null;
  };
}

function apply(operator: string, a: string | number, b: string | number): number {
  switch (operator) {
    case '+':
      return Number(a) + Number(b);
    case '*':
      return Number(a) * Number(b);
    case '/':
      return Number(a) / Number(b);
    case '-':
      return Number(a) - Number(b);
    case '=':
      return a === b ? 1 : 0;
    case '<>':
      return a !== b ? 1 : 0;
    case '<=':
      return a <= b ? 1 : 0;
    case '>=':
      return a >= b ? 1 : 0;
    case '<':
      return a < b ? 1 : 0;
    case '>':
      return a > b ? 1 : 0;
    default:
      throw new Error(`operator ${operator}`);
  }
}

/** A value for comparisons: times and numbers are numbers, and binary values are hexadecimal. */
export function plain(value: Value): string | number | null {
  if (value instanceof Date) return value.getTime();
  if (Buffer.isBuffer(value)) return value.toString('hex');
  return typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : value;
}
