import { closeSync, openSync, readSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';
import { Pool } from 'undici';
import type { LoadResult } from './run-wrk.ts';
import type { TokenFile } from './write-tokens.ts';

export type OpenLoad = { url: string; path: string; perSecond: number; seconds: number; tokens: TokenFile };

const CONNECTIONS = 512;
const ANSWER_WITHIN_MS = 10_000;

/**
 * Sends at a constant rate, whatever the answers take, and counts each one's time from the moment at which it was meant to be sent:
 * a server that stands still delays all that were due meanwhile, and they all say so.
 */
export async function runOpenLoop({ url, path, perSecond, seconds, tokens }: OpenLoad): Promise<LoadResult> {
  const pool = new Pool(url, {
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: ANSWER_WITHIN_MS,
    bodyTimeout: ANSWER_WITHIN_MS,
  });
  const total = Math.round(perSecond * seconds);
  const lines = takeLines(tokens, total);
  const times = createHistogram();
  const underWay = new Set<Promise<void>>();
  let refused = 0;
  let broken = 0;
  const startedMs = performance.now();

  async function send(index: number): Promise<void> {
    const dueMs = startedMs + (index * 1000) / perSecond;
    const headers = { authorization: `Bearer ${lines[index]}`, 'idempotency-key': '"1"', 'idempotency-attempt': '1' };
    try {
      const { statusCode, body } = await pool.request({ method: 'POST', path, headers });
      await body.dump();
      if (statusCode >= 400) refused += 1;
    } catch {
      broken += 1;
    }
    times.record(Math.max(1, Math.round((performance.now() - dueMs) * 1000)));
  }

  for (let sent = 0; sent < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - startedMs) / 1000) * perSecond) + 1);
    for (; sent < due; sent += 1) {
      const one: Promise<void> = send(sent).finally(() => underWay.delete(one));
      underWay.add(one);
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(underWay);
  const took = (performance.now() - startedMs) / 1000;
  await pool.close();
  const ms = (us: number) => us / 1000;
  return {
    requests: total,
    seconds: took,
    refused,
    broken,
    p50Ms: ms(times.percentile(50)),
    p99Ms: ms(times.percentile(99)),
    maxMs: ms(times.max),
  };
}

function takeLines(tokens: TokenFile, count: number): string[] {
  if (tokens.next + count > tokens.lines) throw new Error('there are not buyers enough');
  const bytes = Buffer.alloc(count * tokens.lineBytes);
  const file = openSync(tokens.file, 'r');
  readSync(file, bytes, 0, bytes.length, tokens.next * tokens.lineBytes);
  closeSync(file);
  tokens.next += count;
  return bytes.toString('latin1').trimEnd().split('\n');
}
