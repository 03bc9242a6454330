import { Problem } from '../../http/problem.ts';
import { readCsv } from './read-csv.ts';

/** A row of the request, in the form of the body of POST /admin/stocks. `line`: in CSV its line, in JSON its place, from 1. */
export type Row = { line: number; stock: unknown };

export const MAX_ROWS = 200;

const TEXTS = ['sid', 'name', 'opensAt', 'closesAt', 'reference', 'description', 'pictureUrl'] as const;
const NUMBERS = ['count', 'maxPerOrder'] as const;
/** Amounts, in the smallest unit of the column `currency`. */
const AMOUNTS = ['price', 'compareAtPrice'] as const;
export const CSV_COLUMNS: readonly string[] = [...TEXTS, ...NUMBERS, ...AMOUNTS, 'currency'];

/** The rows of a body: a JSON array, or the text of a CSV file whose first line names the columns. Throws Problem `invalid_request`. */
export function readRows(body: unknown): Row[] {
  const rows = typeof body === 'string' ? readCsvRows(body) : readJsonRows(body);
  if (rows.length < 1 || rows.length > MAX_ROWS) throw invalid(`must have 1 to ${MAX_ROWS} stocks, has ${rows.length}`);
  return rows;
}

function readJsonRows(body: unknown): Row[] {
  if (!Array.isArray(body)) throw invalid('must be an array of stocks');
  return body.map((stock: unknown, i) => ({ line: i + 1, stock }));
}

function readCsvRows(text: string): Row[] {
  const rows = readCsv(text);
  if (!rows) throw invalid('is not CSV: a quoted cell has no end');
  const [header, ...rest] = rows;
  const columns = header?.cells.map((cell) => cell.trim()) ?? [];
  const unknown = columns.find((column, i) => !CSV_COLUMNS.includes(column) || columns.indexOf(column) !== i);
  if (unknown !== undefined) throw invalid(`has an unknown or repeated column '${unknown}'`);
  const long = rest.find(({ cells }) => cells.length !== columns.length);
  if (long) throw invalid(`has ${long.cells.length} cells in line ${long.line}, and ${columns.length} columns`);
  return rest.map(({ line, cells }) => ({
    line,
    stock: toStock(new Map(columns.map((name, i) => [name, cells[i] ?? '']))),
  }));
}

/** Empty cells are left out. What is no number stays a text, which the schema refuses. */
function toStock(cells: ReadonlyMap<string, string>): object {
  const entries = [...cells].flatMap(([column, cell]): [string, unknown][] => {
    if (cell === '' || column === 'currency') return [];
    if (AMOUNTS.some((name) => name === column)) {
      return [[column, { amount: toNumber(cell), currency: cells.get('currency') ?? '' }]];
    }
    return [[column, NUMBERS.some((name) => name === column) ? toNumber(cell) : cell]];
  });
  return Object.fromEntries(entries);
}

function toNumber(cell: string): number | string {
  return /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
}

function invalid(message: string): Problem {
  return new Problem('invalid_request', `body ${message}`, { errors: [{ in: 'body', field: '', message }] });
}
