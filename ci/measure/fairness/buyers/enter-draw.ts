import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, HttpClient, JsonObject } from '../../../verify/sale/buyers/http-client.ts';

const READ_WITHIN_MS = 60_000;

export type Entering = {
  sid: number;
  token: string;
  /** At this time of performance.now() no further request is sent. */
  untilMs: number;
};

/** A person enters: one request, and further ones only after an answer that asks for them. */
export async function enterDraw(client: HttpClient, { sid, token, untilMs }: Entering): Promise<void> {
  for (;;) {
    const answer = await client.send({ method: 'POST', path: `/api/v1/stocks/${sid}/entry`, token });
    if (isFinal(answer)) return;
    if (performance.now() + answer.retryAfterMs > untilMs) return;
    await sleep(answer.retryAfterMs);
  }
}

/** An entry, or a refusal that stays. */
function isFinal({ status, body }: Answer): boolean {
  return status > 0 && status < 500 && status !== 429 && body.code !== 'entries_not_open';
}

/** A bot's identity enters again after each answer, without a pause, until entries close. Resolves with its requests. */
export async function repeatEntry(
  client: HttpClient,
  { sid, token, untilMs, maxRequests }: Entering & { maxRequests: number },
): Promise<number> {
  let requests = 0;
  do {
    await client.send({ method: 'POST', path: `/api/v1/stocks/${sid}/entry`, token });
    requests += 1;
  } while (requests < maxRequests && performance.now() < untilMs);
  return requests;
}

/** The entry of this buyer; undefined if there is none. A bot that used up its calls has to wait for it. */
export async function readEntry(client: HttpClient, sid: number, token: string): Promise<JsonObject | undefined> {
  const untilMs = performance.now() + READ_WITHIN_MS;
  for (;;) {
    const answer = await client.send({ method: 'GET', path: `/api/v1/stocks/${sid}/entry`, token });
    if (answer.status === 200) return answer.body;
    if (answer.status === 404) return undefined;
    if (performance.now() > untilMs) throw new Error(`an entry was not answered: ${answer.status}`);
    await sleep(answer.retryAfterMs);
  }
}
