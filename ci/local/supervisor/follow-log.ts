import { closeSync, openSync, readSync, watch } from 'node:fs';
import path from 'node:path';

const WARN_LEVEL = 40;
const MAX_LINES_AT_ONCE = 5;
const MAX_BYTES_AT_ONCE = 1024 * 1024;

/** Prints log lines of a process at level warn or above in short form. Returns a function that ends it. */
export function followLog(name: string, file: string, print: (line: string) => void): () => void {
  const log = openSync(file, 'a+');
  const buffer = Buffer.alloc(64 * 1024);
  let position = 0;
  let rest = '';
  const read = () => {
    const shown: string[] = [];
    for (let total = 0; total < MAX_BYTES_AT_ONCE; ) {
      const length = readSync(log, buffer, 0, buffer.length, position);
      if (length === 0) break;
      position += length;
      total += length;
      const lines = (rest + buffer.toString('utf8', 0, length)).split('\n');
      rest = lines.pop() ?? '';
      shown.push(...lines.map(shortenWarning).filter((line) => line !== undefined));
    }
    for (const line of shown.slice(0, MAX_LINES_AT_ONCE)) print(`! ${name} ${line}`);
    const more = shown.length - MAX_LINES_AT_ONCE;
    if (more > 0) print(`! ${name} ${more} more lines in ${path.relative(process.cwd(), file)}`);
  };
  const watcher = watch(file, read);
  read();
  return () => {
    watcher.close();
    read();
    closeSync(log);
  };
}

const levels: Record<number, string> = { 40: 'warning', 50: 'error', 60: 'fatal' };

/** A JSON line of pino as text; undefined below level warn and for other lines. */
export function shortenWarning(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { level, msg, err } = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if (level === undefined || level < WARN_LEVEL) return undefined;
    const cause = err?.message && err.message !== msg ? ` (${err.message})` : '';
    return `${levels[level] ?? level}: ${msg ?? ''}${cause}`.replace(/\s+/g, ' ').slice(0, 300);
  } catch {
    return undefined;
  }
}
