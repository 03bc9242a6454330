/** Columns as wide as their widest cell; numbers are right-aligned. */
export function textTable(head: string[], rows: (string | number)[][]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => String(row[i] ?? '').length)));
  const isNumeric = head.map((_, i) => rows.every((row) => typeof row[i] === 'number'));
  const line = (cells: (string | number)[]) =>
    cells
      .map((cell, i) => (isNumeric[i] ? String(cell).padStart(widths[i] ?? 0) : String(cell).padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '─'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
