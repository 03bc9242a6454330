import { closeSync, openSync, readSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';
import { createHttpClient } from '../../../verify/sale/buyers/http-client.ts';
import type { LoadResult } from './run-wrk.ts';
import type { TokenFile } from './write-tokens.ts';

export type OpenLoad = { url: string; path: string; perSecond: number; seconds: number; tokens: TokenFile };

const CONNECTIONS = 512;

/**
 * Sends requests at a constant rate, however long the responses take. Each latency counts from the moment at which the request was
 * due, so a stalled server delays all requests that were due in the meantime.
 */
export async function runOpenLoop({ url, path, perSecond, seconds, tokens }: OpenLoad): Promise<LoadResult> {
  const client = createHttpClient(url, CONNECTIONS);
  const total = Math.round(perSecond * seconds);
  const lines = takeLines(tokens, total);
  const times = createHistogram();
  const inFlight = new Set<Promise<void>>();
  let refused = 0;
  let broken = 0;
  const startedMs = performance.now();

  async function send(index: number): Promise<void> {
    const dueMs = startedMs + (index * 1000) / perSecond;
    const headers = { 'idempotency-key': '"1"', 'idempotency-attempt': '1' };
    const { status } = await client.send({ method: 'POST', path, token: lines[index] ?? '', headers });
    if (status >= 400) refused += 1;
    if (status === 0) broken += 1;
    times.record(Math.max(1, Math.round((performance.now() - dueMs) * 1000)));
  }

  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) / 1000) * perSecond) + 1);
    for (; sent < due; sent += 1) {
      const sending: Promise<void> = send(sent).finally(() => inFlight.delete(sending));
      inFlight.add(sending);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(inFlight);
  const tookSeconds = (performance.now() - startedMs) / 1000;
  await client.close();
  const quantileMs = (percent: number) => times.percentile(percent) / 1000;
  const latencies = { p50Ms: quantileMs(50), p99Ms: quantileMs(99), maxMs: times.max / 1000 };
  return { requests: total, seconds: tookSeconds, refused, broken, ...latencies };
}

function takeLines(tokens: TokenFile, count: number): string[] {
  if (tokens.next + count > tokens.lines) throw new Error('not enough buyers');
  const bytes = Buffer.alloc(count * tokens.lineBytes);
  const file = openSync(tokens.file, 'r');
  readSync(file, bytes, 0, bytes.length, tokens.next * tokens.lineBytes);
  closeSync(file);
  tokens.next += count;
  return bytes.toString('latin1').trimEnd().split('\n');
}
