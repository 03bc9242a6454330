const BARS = { unicode: [' ', ...'▁▂▃▄▅▆▇█'], ascii: [...' .:-=+*#@'] };

/** The bar of the highest count. */
export function fullBar(unicode = true): string {
  return (unicode ? BARS.unicode : BARS.ascii).at(-1) ?? '';
}

/** One character per count. The lowest bar shows that a count is not 0. */
export function drawBars(counts: number[], highest: number, unicode = true): string {
  const bars = unicode ? BARS.unicode : BARS.ascii;
  const top = bars.length - 1;
  const levelOf = (count: number) => (count > 0 ? Math.max(1, Math.round((count / highest) * top)) : 0);
  return counts.map((count) => bars[levelOf(count)]).join('');
}
