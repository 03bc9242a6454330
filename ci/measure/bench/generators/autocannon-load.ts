import { closeSync, openSync, readSync } from 'node:fs';
import autocannon from 'autocannon';
import type { AutocannonJob, AutocannonSaid } from './run-autocannon.ts';
import type { TokenFile } from './write-tokens.ts';

// A process of its own, so that the cost of the load can be told from that of measuring it. Takes the job as JSON in its only
// argument, and prints one line of JSON at the end. Without tokens enough it ends with exit code 1.

const LINES_AT_ONCE = 4096;
const ANSWER_WITHIN_SECONDS = 10;

/** The next token of the file at each call; undefined after the last one. */
function createTokens({ file, lineBytes, next, lines }: TokenFile): () => string | undefined {
  const descriptor = openSync(file, 'r');
  process.once('exit', () => closeSync(descriptor));
  const bytes = Buffer.alloc(lineBytes * LINES_AT_ONCE);
  let line = next;
  return () => {
    if (line === lines) return undefined;
    const at = (line - next) % LINES_AT_ONCE;
    if (at === 0) readSync(descriptor, bytes, 0, bytes.length, line * lineBytes);
    line += 1;
    return bytes.toString('latin1', at * lineBytes, (at + 1) * lineBytes - 1);
  };
}

const { method, url, paths, headers, connections, seconds, tokens } = JSON.parse(
  process.argv[2] ?? '',
) as AutocannonJob;
const nextToken = tokens && createTokens(tokens);
const common = { 'Content-Length': '0', ...headers };
let taken = 0;

function asNextBuyer(request: autocannon.Request): autocannon.Request {
  const token = nextToken?.();
  if (token === undefined) {
    console.error(`there are not buyers enough: ${taken} for ${seconds} s`);
    process.exit(1);
  }
  taken += 1;
  const buyer = { Authorization: `Bearer ${token}`, 'Idempotency-Key': `"${taken}"`, 'Idempotency-Attempt': '1' };
  return { ...request, headers: { ...common, ...buyer } };
}

const requests = paths.map((path) => ({
  method,
  path,
  headers: common,
  ...(nextToken && { setupRequest: asNextBuyer }),
}));
const result = await autocannon({ url, connections, duration: seconds, timeout: ANSWER_WITHIN_SECONDS, requests });
const { latency, duration, errors } = result;
const said: AutocannonSaid = {
  requests: result.requests.total,
  seconds: duration,
  refused: result['4xx'] + result['5xx'],
  broken: errors,
  taken,
  p50Ms: latency.p50,
  p99Ms: latency.p99,
  maxMs: latency.max,
};
console.log(JSON.stringify(said));
