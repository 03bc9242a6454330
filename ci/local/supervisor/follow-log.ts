import { closeSync, openSync, readSync, watch } from 'node:fs';
import path from 'node:path';

const warnLevel = 40;
const maxLinesAtOnce = 5;
const maxBytesAtOnce = 1024 * 1024;

/** Shows what a process logs at warn or above, one short line each. Returns what ends it. */
export function followLog(name: string, file: string, print: (line: string) => void): () => void {
  const log = openSync(file, 'a+');
  const buffer = Buffer.alloc(64 * 1024);
  let position = 0;
  let rest = '';
  const read = () => {
    const shown: string[] = [];
    for (let total = 0; total < maxBytesAtOnce; ) {
      const length = readSync(log, buffer, 0, buffer.length, position);
      if (length === 0) break;
      position += length;
      total += length;
      const lines = (rest + buffer.toString('utf8', 0, length)).split('\n');
      rest = lines.pop() ?? '';
      shown.push(...lines.map(shortenWarning).filter((line) => line !== undefined));
    }
    for (const line of shown.slice(0, maxLinesAtOnce)) print(`! ${name} ${line}`);
    const more = shown.length - maxLinesAtOnce;
    if (more > 0) print(`! ${name} ${more} more lines like these in ${path.relative(process.cwd(), file)}`);
  };
  const watcher = watch(file, read);
  read();
  return () => {
    watcher.close();
    read();
    closeSync(log);
  };
}

const levels: Record<number, string> = { 40: 'warns', 50: 'error', 60: 'fatal' };

/** A line of pino's JSON as text; undefined for what is below warn, or no JSON. */
export function shortenWarning(line: string): string | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const { level, msg, err } = JSON.parse(line) as { level?: number; msg?: string; err?: { message?: string } };
    if (level === undefined || level < warnLevel) return undefined;
    const cause = err?.message && err.message !== msg ? ` (${err.message})` : '';
    return `${levels[level] ?? level}: ${msg ?? ''}${cause}`.replace(/\s+/g, ' ').slice(0, 300);
  } catch {
    return undefined;
  }
}
