const LEVELS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const TOP = LEVELS.length - 1;
const SLOTS_PER_SECOND = 10;
/** Six seconds. */
const MAX_SLOTS = 60;

export type Row = { name: string; answersPer100Ms: number[] };

/** One line per row, one character per 100 ms, all on one scale. What comes after six seconds is added as a number. */
export function plotAnswers(rows: Row[]): string {
  const highest = Math.max(1, ...rows.flatMap(({ answersPer100Ms }) => answersPer100Ms));
  const width = Math.max(0, ...rows.map(({ name }) => name.length)) + 2;
  const slots = Math.min(MAX_SLOTS, Math.max(0, ...rows.map(({ answersPer100Ms }) => answersPer100Ms.length)));
  const seconds = Array.from({ length: Math.ceil((slots + 1) / SLOTS_PER_SECOND) }, (_, second) =>
    `${second} s`.padEnd(SLOTS_PER_SECOND),
  );
  const lines = rows.map(({ name, answersPer100Ms }) => {
    const bars = answersPer100Ms.slice(0, MAX_SLOTS).map((count) => LEVELS[levelOf(count, highest)]);
    const later = answersPer100Ms.slice(MAX_SLOTS).reduce((sum, count) => sum + count, 0);
    return `${name.padEnd(width)}${bars.join('')}${later > 0 ? ` and ${Math.round(later)} later` : ''}`;
  });
  return [`Answers per 100 ms (█ = ${Math.round(highest)}):`, ...lines, ' '.repeat(width) + seconds.join('').trimEnd()]
    .map((line) => line.trimEnd())
    .join('\n');
}

/** The lowest bar shows that there was an answer. */
function levelOf(count: number, highest: number): number {
  return count > 0 ? Math.max(1, Math.round((count / highest) * TOP)) : 0;
}
