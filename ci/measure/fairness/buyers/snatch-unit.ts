import { randomUUID } from 'node:crypto';
import { readAnswer } from '../../../verify/sale/buyers/buy-unit.ts';
import type { HttpClient } from '../../../verify/sale/buyers/http-client.ts';

export type Snatch = {
  sid: number;
  token: string;
  maxRequests: number;
  /** The bot stops at this time of performance.now(). */
  untilMs: number;
  headers: Record<string, string>;
};

/** A bot's identity: it sends its order again after each answer that is not final, without any pause. */
export async function snatchUnit(client: HttpClient, snatch: Snatch): Promise<{ won: boolean; requests: number }> {
  const { sid, token, maxRequests, untilMs } = snatch;
  const path = `/api/v1/stocks/${sid}/orders`;
  let key = randomUUID();
  let attempt = 1;
  for (let requests = 1; ; requests += 1) {
    const headers = { ...snatch.headers, 'idempotency-key': `"${key}"`, 'idempotency-attempt': String(attempt) };
    const answer = await client.send({ method: 'POST', path, token, headers });
    const next = readAnswer(answer);
    const isEarly = answer.body.code === 'not_open';
    if (next.kind === 'final' && !isEarly) return { won: next.outcome.kind === 'confirmed', requests };
    if (isEarly) {
      // Decided before the opening: only another order can still get a unit.
      key = randomUUID();
      attempt = 1;
    } else if (next.kind === 'poll' || (next.kind === 'again' && next.repeat)) attempt += 1;
    if (requests >= maxRequests || performance.now() > untilMs) return { won: false, requests };
  }
}
