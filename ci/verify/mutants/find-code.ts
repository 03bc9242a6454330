import { parseSync } from 'vite';

export type Node = { type: string; start: number; end: number; [field: string]: unknown };
/** A part of a text, and what replaces it. */
export type Place = { start: number; end: number; replacement: string };
type Search = { find: string; replace: string };

const PLACEHOLDER = /\$[1-9]/g;
const FUNCTIONS = new Set(['ArrowFunctionExpression', 'FunctionExpression']);
const TYPE_WRAPPERS = new Set(['TSAsExpression', 'TSSatisfiesExpression', 'TSNonNullExpression']);
/** Fields of syntax nodes that change nothing at run time. */
const NOT_COMPARED = new Set([
  'start',
  'end',
  'raw',
  'typeAnnotation',
  'typeArguments',
  'typeParameters',
  'returnType',
]);

/** Throws at a syntax error. */
export function parseCode(text: string): Node {
  const { program, errors } = parseSync('source.ts', text, { preserveParens: false });
  const [error] = errors;
  if (error) throw new SyntaxError(error.message);
  return program as unknown as Node;
}

/** Functions of this name, and constants of this name at the top level of a module. */
export function findDeclarations(text: string, name: string): Node[] {
  const program = parseCode(text);
  const top = new Set(
    (program.body as Node[]).flatMap((statement) => {
      const declaration = (statement.declaration ?? statement) as Node;
      return (declaration.declarations ?? []) as Node[];
    }),
  );
  return nodesIn(program).filter((node) => {
    if ((node.id as Node | null | undefined)?.name !== name) return false;
    return (
      node.type === 'FunctionDeclaration' || top.has(node) || FUNCTIONS.has((node.init as Node | null)?.type ?? '')
    );
  });
}

/** Expressions and statements in `scope` that are `find`, compared as syntax. */
export function findCode(text: string, scope: Node, { find, replace }: Search): Place[] {
  const pattern = parsePattern(find);
  return nodesIn(scope).flatMap((node) => {
    const captured = new Map<string, Node>();
    if (!matches(pattern.node, node, captured)) return [];
    const code = replace.replaceAll(PLACEHOLDER, (name) => {
      const part = captured.get(name);
      return part ? text.slice(part.start, part.end) : name;
    });
    return [{ start: node.start, end: node.end, replacement: pattern.isExpression ? `(${code})` : code }];
  });
}

/** Parts of string literals in `scope` that are the words of `find`. */
export function findWords(text: string, scope: Node, { find, replace }: Search): Place[] {
  const words = find.trim().split(/\s+/);
  const pattern = new RegExp(words.map((word) => RegExp.escape(word)).join('\\s+'), 'g');
  return nodesIn(scope)
    .filter(({ type }) => type === 'Literal' || type === 'TemplateElement')
    .flatMap((literal) =>
      [...text.slice(literal.start, literal.end).matchAll(pattern)].map(({ 0: found, index }) => {
        const start = literal.start + index;
        return { start, end: start + found.length, replacement: replace };
      }),
    );
}

function parsePattern(find: string): { node: Node; isExpression: boolean } {
  try {
    return { node: (bodyOf(`return (${find}\n);`)[0] as Node).argument as Node, isExpression: true };
  } catch {
    const [statement, ...more] = bodyOf(find);
    if (!statement || more.length > 0) throw new Error(`neither an expression nor a statement: ${find}`);
    return { node: statement, isExpression: false };
  }
}

function bodyOf(code: string): Node[] {
  const [declaration] = parseCode(`async function pattern() {\n${code}\n}`).body as [Node];
  return (declaration.body as Node).body as Node[];
}

function matches(pattern: unknown, value: unknown, captured: Map<string, Node>): boolean {
  if (Array.isArray(pattern)) {
    if (!Array.isArray(value) || value.length !== pattern.length) return false;
    return pattern.every((item, i) => matches(item, value[i], captured));
  }
  if (!isObject(pattern) || !isObject(value)) return pattern === value;
  if (TYPE_WRAPPERS.has(String(pattern.type))) return matches(pattern.expression, value, captured);
  const placeholder = placeholderOf(pattern);
  if (placeholder !== undefined) {
    const earlier = captured.get(placeholder);
    if (earlier) return matches(earlier, value, captured);
    captured.set(placeholder, value as Node);
    return true;
  }
  if (TYPE_WRAPPERS.has(String(value.type))) return matches(pattern, value.expression, captured);
  return [...new Set([...Object.keys(pattern), ...Object.keys(value)])]
    .filter((field) => !NOT_COMPARED.has(field))
    .every((field) => matches(pattern[field], value[field], captured));
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** `$1` as an expression, or as a statement. */
function placeholderOf(pattern: Record<string, unknown>): string | undefined {
  const node = pattern.type === 'ExpressionStatement' ? (pattern.expression as Node) : pattern;
  return node.type === 'Identifier' && /^\$[1-9]$/.test(String(node.name)) ? String(node.name) : undefined;
}

/** `node` and all nodes below it. */
function nodesIn(node: Node): Node[] {
  const below = Object.values(node).flatMap((value) => (Array.isArray(value) ? value : [value]));
  return [node, ...below.filter((value): value is Node => isObject(value) && 'type' in value).flatMap(nodesIn)];
}
