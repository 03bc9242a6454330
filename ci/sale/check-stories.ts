import { setTimeout as sleep } from 'node:timers/promises';
import { contradictionsOf, type SeenOrder, type Story } from './judge-sale.ts';
import type { SaleClient } from './sale-client.ts';

/** Of the refused this many are asked; of all others everybody. */
const REFUSED_ASKED = 10_000;
const AT_ONCE = 50;
const TRIES = 10;
/** The gateway's webhook may still be on its way. */
const SETTLE_TRIES = 20;
const SETTLE_PAUSE_MS = 500;

export type CheckedStories = { breaches: string[]; live: number; asked: number };

/** Asks the system as each buyer what orders they have, and compares it with what they were told. */
export async function checkStories(
  client: SaleClient,
  sid: number,
  stories: Story[],
  tokenOf: (index: number) => Promise<string>,
): Promise<CheckedStories> {
  let refused = 0;
  const asked = stories.flatMap((story, index) => {
    if (story.kind === 'refused') refused += 1;
    return story.kind === 'refused' && refused > REFUSED_ASKED ? [] : [index];
  });
  const breaches: string[] = [];
  let live = 0;
  let next = 0;
  async function work(): Promise<void> {
    for (let at = next++; at < asked.length; at = next++) {
      const index = asked[at] as number;
      const story = stories[index] as Story;
      const token = await tokenOf(index);
      let orders = await readOrders(client, sid, token);
      for (let tries = 0; tries < SETTLE_TRIES && isOnItsWay(story, orders); tries += 1) {
        await sleep(SETTLE_PAUSE_MS);
        orders = await readOrders(client, sid, token);
      }
      live += orders.filter(({ state }) => state === 'awaiting_payment' || state === 'paid').length;
      breaches.push(...contradictionsOf(story, orders));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { breaches, live, asked: asked.length };
}

const isOnItsWay = ({ paid, confirmedNos }: Story, orders: SeenOrder[]) =>
  paid && orders.some(({ orderNo, state }) => confirmedNos.includes(orderNo) && state === 'awaiting_payment');

async function readOrders(client: SaleClient, sid: number, token: string): Promise<SeenOrder[]> {
  for (let tries = 1; ; tries += 1) {
    const path = `/api/v1/orders?sid=${sid}&limit=100`;
    const { status, body, retryAfterMs } = await client.send({ method: 'GET', path, token });
    if (status === 200 && Array.isArray(body.orders)) return body.orders as SeenOrder[];
    if (tries === TRIES) throw new Error(`a buyer's orders cannot be read: the answer was ${status || 'none'}`);
    await sleep(retryAfterMs);
  }
}
