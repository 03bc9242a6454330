/** Tells a spreadsheet that the file is UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/**
 * A text that a spreadsheet shows as it is. It would make a number of 0012 and 1E5, a day of 1-2, and would forget the last digits of a
 * long id.
 */
export class SpreadsheetText {
  readonly text: string;
  constructor(value: string | number) {
    this.text = `="${String(value).replaceAll('"', '""')}"`;
  }
}

/** Lines of CSV (RFC 4180), the first with the columns' names. */
export function csvLine(fields: (string | number | null | SpreadsheetText)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/**
 * Where a spreadsheet may take a cell to begin, and a formula with it: at the start of the text, and behind what separates cells
 * or lines in a file that is read with other separators than ours, where our quotes protect nothing.
 */
const FORMULA = /(^|[;\t\r\n])(?=[\s"']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/** An apostrophe in front of what would be a formula makes it a text. */
function csvField(value: string | number | null | SpreadsheetText): string {
  if (value === null) return '';
  if (value instanceof SpreadsheetText) return `"${value.text.replaceAll('"', '""')}"`;
  if (typeof value === 'number') return String(value);
  const harmless = value.replace(/^[\t\r]/, "'$&").replaceAll(FORMULA, "$1'");
  return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
