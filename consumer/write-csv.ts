/** Lines of CSV (RFC 4180), the first with the columns' names. */
export function csvLine(fields: (string | number | null)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/**
 * Where a spreadsheet may take a cell to begin, and a formula with it: at the start of the text, and behind what separates cells
 * or lines in a file that is read with other separators than ours, where our quotes protect nothing.
 */
const FORMULA = /(^|[;\t\r\n])(?=[\s"']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/** An apostrophe in front of what would be a formula makes it a text. */
function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = value.replace(/^[\t\r]/, "'$&").replaceAll(FORMULA, "$1'");
  return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
