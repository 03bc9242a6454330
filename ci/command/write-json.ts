import { writeFileSync } from 'node:fs';

/** Writes the result of a command to the file of its option --json, if one was given; for `-`, to standard output. */
export function writeJson(file: string | undefined, result: unknown): void {
  if (file === undefined) return;
  const text = `${JSON.stringify(result, null, 2)}\n`;
  if (file === '-') process.stdout.write(text);
  else writeFileSync(file, text);
}
