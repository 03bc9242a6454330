import { fileURLToPath } from 'node:url';
import { findProgram } from '../../../local/set-up/find-program.mjs';
import { runLoad } from './run-load.ts';
import type { TokenFile } from './write-tokens.ts';

export type WrkLoad = {
  method: 'GET' | 'POST';
  url: string;
  /** Asked in turn. */
  paths: string[];
  /** How many requests go to a path before the next one's turn (1). */
  stay?: number;
  connections: number;
  seconds: number;
  /** Each request is by the next buyer; without it by nobody. */
  tokens?: TokenFile | undefined;
  /** Beside those of every request: `name: value`. */
  headers?: string[] | undefined;
};

export type LoadResult = {
  requests: number;
  seconds: number;
  /** Answers with a status of 400 and more. */
  refused: number;
  /** Requests without an answer. */
  broken: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
};

/** More than any machine of this size answers in a second, out of nginx’s cache too: so many buyers are set aside. */
export const MAX_PER_SECOND = 150_000;
const THREADS = 1;

/** A closed loop: each connection sends its next request when the last one is answered. */
export async function runWrk(load: WrkLoad): Promise<LoadResult> {
  const { method, url, paths, connections, seconds, tokens, stay = 1, headers = [] } = load;
  const lines = Math.min(MAX_PER_SECOND * seconds, tokens ? tokens.lines - tokens.next : 0);
  const script = fileURLToPath(new URL('requests.lua', import.meta.url));
  const more = headers.map((line) => `${line}\r\n`).join('');
  const args = ['-t', THREADS, '-c', connections, '-d', `${seconds}s`, '--timeout', '10s', '-s', script, url, '--'];
  const file = tokens ? [tokens.file, tokens.lineBytes, tokens.next, lines] : ['', 0, 0, 0];
  const command = findProgram('wrk');
  if (!command) throw new Error('wrk is not installed');
  const output = await runLoad(
    command,
    [...args, method, paths.join(','), more, ...file, THREADS, stay].map(String),
    seconds,
  );
  const line = output.split('\n').find((one) => one.startsWith('{'));
  if (!line) throw new Error(`wrk said: ${output.trim()}`);
  const said = JSON.parse(line) as Record<string, number>;
  const { requests = 0, durationUs = 0, refused = 0, broken = 0, p50Us = 0, p99Us = 0, maxUs = 0 } = said;
  // Those that were still under way at the end have been sent too.
  if (tokens) tokens.next += requests + connections * 2;
  if (said.usedUp) throw new Error(`there are not buyers enough: ${lines} for ${seconds} s`);
  const times = { p50Ms: p50Us / 1000, p99Ms: p99Us / 1000, maxMs: maxUs / 1000 };
  return { requests, seconds: durationUs / 1e6, refused, broken, ...times };
}
