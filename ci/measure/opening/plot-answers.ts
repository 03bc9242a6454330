import { drawBars, fullBar } from '../../verify/sale/draw-bars.ts';

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
    const bars = drawBars(answersPer100Ms.slice(0, MAX_SLOTS), highest);
    const later = answersPer100Ms.slice(MAX_SLOTS).reduce((sum, count) => sum + count, 0);
    return `${name.padEnd(width)}${bars}${later > 0 ? ` and ${Math.round(later)} later` : ''}`;
  });
  return [
    `Answers per 100 ms (${fullBar()} = ${Math.round(highest)}):`,
    ...lines,
    ' '.repeat(width) + seconds.join('').trimEnd(),
  ]
    .map((line) => line.trimEnd())
    .join('\n');
}
