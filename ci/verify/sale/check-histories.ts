import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, SaleClient } from './buyers/sale-client.ts';
import { contradictionsOf, type ObservedHistory, type SeenOrder } from './judge-sale.ts';

export type HistoriesToCheck = {
  client: SaleClient;
  sid: number;
  stories: ObservedHistory[];
  adminToken: string;
  tokenOf(index: number): Promise<string>;
};
export type CheckedHistories = {
  breaches: string[];
  /** Live orders of the stock, of whomever. */
  live: number;
  /** All its orders, also those that were decided to be sold out. */
  rows: number;
  /** Buyers who were asked for what they see themselves. */
  asked: number;
};

const PAGE_SIZE = 1000;
const MAX_PAGES = 10_000;
/** So many see their orders themselves; all are compared with the administrators' list. */
const ASKED = 500;
const AT_ONCE = 20;
const TRIES = 10;
/** The gateway's webhook may still be on its way. */
const SETTLE_TRIES = 40;
const SETTLE_PAUSE_MS = 500;

/** Compares what each buyer was told with the rows, and for some of them with what the system shows them. */
export async function checkHistories(sale: HistoriesToCheck): Promise<CheckedHistories> {
  const { stories } = sale;
  let orders = await readStockOrders(sale);
  for (let tries = 0; tries < SETTLE_TRIES && stories.some((story) => isOnItsWay(story, orders)); tries += 1) {
    await sleep(SETTLE_PAUSE_MS);
    orders = await readStockOrders(sale);
  }
  const breaches = stories.flatMap((story) => contradictionsOf(story, orders.get(story.buyer) ?? []));
  const asked = pickEvenly(stories.length);
  let next = 0;
  async function work(): Promise<void> {
    for (let at = next++; at < asked.length; at = next++) {
      const index = asked[at] as number;
      const story = stories[index] as ObservedHistory;
      const own = await readOwnOrders(sale, await sale.tokenOf(index));
      if (listOf(own) !== listOf(orders.get(story.buyer) ?? [])) {
        breaches.push(`${story.buyer} sees other orders than there are: ${listOf(own) || 'none'}`);
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const all = [...orders.values()].flat();
  return { breaches, live: all.filter(isLive).length, rows: all.length, asked: asked.length };
}

const isLive = ({ state }: SeenOrder) => state === 'awaiting_payment' || state === 'paid';
const listOf = (orders: SeenOrder[]) =>
  orders
    .map(({ orderNo, state }) => `${orderNo} ${state}`)
    .sort()
    .join(', ');

const isOnItsWay = ({ paid, confirmedNos, buyer }: ObservedHistory, orders: Map<string, SeenOrder[]>) =>
  paid &&
  (orders.get(buyer) ?? []).some(
    ({ orderNo, state }) => confirmedNos.includes(orderNo) && state === 'awaiting_payment',
  );

function pickEvenly(length: number): number[] {
  const wanted = Math.min(length, ASKED);
  return Array.from({ length: wanted }, (_, i) => Math.floor((i * length) / wanted));
}

/** All rows of the stock, by buyer. */
async function readStockOrders({ client, sid, adminToken }: HistoriesToCheck): Promise<Map<string, SeenOrder[]>> {
  const orders = new Map<string, SeenOrder[]>();
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const path = `/api/v1/admin/stocks/${sid}/orders?limit=${PAGE_SIZE}${cursor && `&cursor=${cursor}`}`;
    const body = await readPage(client, path, adminToken);
    for (const { buyer, orderNo, state, decision } of body.orders as (SeenOrder & { buyer: string })[]) {
      const own = orders.get(buyer);
      if (own) own.push({ orderNo, state, decision });
      else orders.set(buyer, [{ orderNo, state, decision }]);
    }
    if (typeof body.nextCursor !== 'string') return orders;
    cursor = encodeURIComponent(body.nextCursor);
  }
  throw new Error(`stock ${sid} has more orders than were sent`);
}

async function readOwnOrders({ client, sid }: HistoriesToCheck, token: string): Promise<SeenOrder[]> {
  const body = await readPage(client, `/api/v1/orders?sid=${sid}&limit=100`, token);
  return body.orders as SeenOrder[];
}

async function readPage(client: SaleClient, path: string, token: string): Promise<Answer['body']> {
  for (let tries = 1; ; tries += 1) {
    const { status, body, retryAfterMs } = await client.send({ method: 'GET', path, token });
    if (status === 200 && Array.isArray(body.orders)) return body;
    if (tries === TRIES) throw new Error(`orders cannot be read: the answer was ${status || 'none'}`);
    await sleep(retryAfterMs);
  }
}
