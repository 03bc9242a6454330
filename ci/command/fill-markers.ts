import { readFileSync, writeFileSync } from 'node:fs';

/** Replaces what `file` has between `<!-- NAME:begin -->` and `<!-- NAME:end -->`. Throws where a marker is missing. */
export function fillMarkers(file: string, name: string, fill: (before: string) => string): void {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const text = readFileSync(file, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${file} has no ${begin} … ${end}`);
  const content = fill(text.slice(from + begin.length, to));
  writeFileSync(file, `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`);
}
