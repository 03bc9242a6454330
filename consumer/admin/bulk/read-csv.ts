/** A row of a CSV text. `line`: where it begins, from 1. */
export type CsvRow = { line: number; cells: string[] };

const BYTE_ORDER_MARK = '\uFEFF';

/** The rows of a CSV text (RFC 4180), without empty lines. Null: a quoted cell does not end, or text follows it. */
export function readCsv(text: string): CsvRow[] | null {
  const rows: CsvRow[] = [];
  // A cell: quoted, with doubled quotes inside, or bare; then what ends it.
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/y;
  let line = 1;
  let row: CsvRow = { line, cells: [] };
  cell.lastIndex = text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  for (;;) {
    const found = cell.exec(text);
    if (!found) return null;
    const [whole, quoted, bare = '', end] = found;
    row.cells.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ',') continue;
    if (row.cells.length > 1 || row.cells[0] !== '') rows.push(row);
    row = { line, cells: [] };
    if (cell.lastIndex >= text.length) return rows;
  }
}
