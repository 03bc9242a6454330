import { writeFileSync } from 'node:fs';

/** Writes the result of a command to the file of its option --json, if one was given. */
export function writeJson(file: string | undefined, result: unknown): void {
  if (file !== undefined) writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
}
