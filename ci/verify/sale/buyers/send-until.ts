import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Call, HttpClient } from './http-client.ts';

const LIMIT_MS = 30_000;
const MIN_PAUSE_MS = 200;

/** Repeats a request until it is answered with this status. Rejects after 30 s, and at any other 4xx than 429. */
export async function sendUntil(client: HttpClient, call: Call, wanted: number): Promise<Answer> {
  const untilMs = performance.now() + LIMIT_MS;
  for (;;) {
    const answer = await client.send(call);
    const { status, body, retryAfterMs } = answer;
    if (status === wanted) return answer;
    if (performance.now() > untilMs || (status >= 400 && status < 500 && status !== 429)) {
      throw new Error(`${call.method} ${call.path}: ${status || 'no response'} ${JSON.stringify(body)}`);
    }
    await sleep(Math.max(retryAfterMs, MIN_PAUSE_MS));
  }
}
