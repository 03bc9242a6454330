import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../../sale/buyers/http-client.ts';
import type { DrawSale, DrawStage } from './draw-stage.ts';

const AT_ONCE = 25;
const LIMIT_MS = 60_000;

let names = 0;

/** So many new buyers enter, each until he has an answer. */
export async function enterOverApi(stage: DrawStage, sale: DrawSale, count: number): Promise<void> {
  let left = count;
  const enterNext = async () => {
    while (left > 0) {
      left -= 1;
      await enterOne(stage, sale);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, enterNext));
}

/** A new buyer enters, and tries again until he is told that he has an entry, or that none is taken. */
export async function enterOne({ system, client }: DrawStage, sale: DrawSale): Promise<void> {
  names += 1;
  const buyer = `entrant-${sale.sid}-${names}`;
  const token = await system.createToken(buyer, 'buyer');
  const untilMs = performance.now() + LIMIT_MS;
  for (;;) {
    const answer = await client.send({ method: 'POST', path: `/api/v1/stocks/${sale.sid}/entry`, token });
    if (keepAnswer(sale, buyer, answer)) return;
    if (performance.now() > untilMs) throw new Error(`${buyer} got no answer, the last one was ${answer.status}`);
    await sleep(answer.retryAfterMs);
  }
}

function keepAnswer(sale: DrawSale, buyer: string, { status, body }: Answer): boolean {
  if (status === 201 || status === 200) {
    const { entryId } = body.ticket as { entryId: string };
    sale.entered.set(buyer, entryId);
    return true;
  }
  if (body.code === 'entries_closed') {
    sale.refused.add(buyer);
    return true;
  }
  if (status !== 429) sale.failures += 1;
  return false;
}
