import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { findProgram } from '../../../local/set-up/find-program.mjs';
import { installDebianPackages } from '../../../local/set-up/install-debian-packages.mjs';
import type { TokenFile } from './write-tokens.ts';

export type WrkLoad = {
  method: 'GET' | 'POST';
  url: string;
  /** Requested in turn. */
  paths: string[];
  /** Consecutive requests to a path before the next path (default 1). */
  requestsPerPath?: number;
  connections: number;
  seconds: number;
  /** Each request uses the next buyer's token; without it requests have no token. */
  tokens?: TokenFile | undefined;
  /** Additional headers as `name: value`. */
  headers?: string[] | undefined;
};

export type LoadResult = {
  requests: number;
  seconds: number;
  /** Responses with status 400 or above. */
  refused: number;
  /** Requests without a response. */
  broken: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
};

/** An upper bound of responses per second, cached ones included: that many tokens are reserved for a slice. */
export const MAX_PER_SECOND = 150_000;
const THREADS = 1;
const EXIT_LIMIT_MS = 30_000;

export async function installWrk(): Promise<void> {
  if (!findProgram('wrk')) await installDebianPackages([{ title: 'wrk', package: 'wrk' }]);
}

/** A closed loop: each connection sends its next request after the last response. */
export async function runWrk(load: WrkLoad): Promise<LoadResult> {
  const { method, url, paths, connections, seconds, tokens, requestsPerPath = 1, headers = [] } = load;
  const lines = Math.min(MAX_PER_SECOND * seconds, tokens ? tokens.lines - tokens.next : 0);
  const script = fileURLToPath(new URL('requests.lua', import.meta.url));
  const headerLines = headers.map((line) => `${line}\r\n`).join('');
  const args = ['-t', THREADS, '-c', connections, '-d', `${seconds}s`, '--timeout', '10s', '-s', script, url, '--'];
  const file = tokens ? [tokens.file, tokens.lineBytes, tokens.next, lines] : ['', 0, 0, 0];
  args.push(method, paths.join(','), headerLines, ...file, THREADS, requestsPerPath);
  const output = await spawnWrk(args.map(String), seconds * 1000 + EXIT_LIMIT_MS);
  const { usedUp, ...result } = readWrkResult(output);
  // Requests that were in flight at the end were sent too.
  if (tokens) tokens.next += result.requests + connections * 2;
  if (usedUp) throw new Error(`not enough buyers: ${lines} for ${seconds} s`);
  return result;
}

/** The line of JSON that the script printed. `usedUp`: the prepared requests did not suffice. */
export function readWrkResult(output: string): LoadResult & { usedUp: boolean } {
  const json = output.split('\n').find((line) => line.startsWith('{'));
  if (!json) throw new Error(`wrk printed no result: ${output.trim()}`);
  const result = JSON.parse(json) as Record<string, number>;
  const { requests = 0, durationUs = 0, refused = 0, broken = 0, p50Us = 0, p99Us = 0, maxUs = 0, usedUp = 0 } = result;
  const times = { p50Ms: p50Us / 1000, p99Ms: p99Us / 1000, maxMs: maxUs / 1000 };
  return { requests, seconds: durationUs / 1e6, refused, broken, ...times, usedUp: usedUp > 0 };
}

/** Resolves with what wrk prints. */
export function spawnWrk(args: string[], timeout: number): Promise<string> {
  const command = findProgram('wrk');
  if (!command) throw new Error('wrk is not installed');
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += String(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      code === 0 ? resolve(output) : reject(new Error(`wrk ended with ${signal ?? code}: ${output.trim()}`)),
    );
  });
}
