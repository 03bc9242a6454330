/** Makes spreadsheets read the file as UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** A text that spreadsheets show unchanged. They would convert 0012 and 1E5 to numbers and 1-2 to a date, and round long ids. */
export class SpreadsheetText {
  readonly text: string;
  constructor(value: string | number) {
    this.text = `="${String(value).replaceAll('"', '""')}"`;
  }
}

/** One line of CSV (RFC 4180). */
export function csvLine(fields: (string | number | null | SpreadsheetText)[]): string {
  return `${fields.map(csvField).join(',')}\r\n`;
}

/**
 * Where a spreadsheet may start a cell, and thus a formula: at the start of the text, and after the separators of cells and lines, also
 * those of other CSV dialects, in which the quotes of this file do not protect.
 */
const FORMULA = /(^|[;\t\r\n])(?=[\s"']*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;

/** An apostrophe in front of a formula turns it into text. */
function csvField(value: string | number | null | SpreadsheetText): string {
  if (value === null) return '';
  if (value instanceof SpreadsheetText) return `"${value.text.replaceAll('"', '""')}"`;
  if (typeof value === 'number') return String(value);
  const harmless = value.replace(/^[\t\r]/, "'$&").replaceAll(FORMULA, "$1'");
  return /[",;\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
