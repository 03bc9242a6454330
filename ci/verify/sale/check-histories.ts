import { setTimeout as sleep } from 'node:timers/promises';
import type { HttpClient } from './buyers/http-client.ts';
import type { ObservedHistory } from './buyers/observed-history.ts';
import { sendUntil } from './buyers/send-until.ts';
import { contradictionsOf, isActive, type SeenOrder } from './judge-sale.ts';

export type CheckHistoriesOptions = {
  client: HttpClient;
  sid: number;
  histories: ObservedHistory[];
  adminToken: string;
  tokenOf(index: number): string;
};
export type CheckedHistories = {
  breaches: string[];
  /** Active orders of the stock. */
  active: number;
  /** All orders of the stock, including those decided as sold out. */
  rows: number;
  /** Buyers whose own list of orders was read. */
  asked: number;
};

const PAGE_SIZE = 1000;
const MAX_PAGES = 10_000;
/** The lists of so many buyers are read; all histories are compared with the administrator's list. */
const MAX_ASKED = 500;
const CONCURRENCY = 20;
/** The gateway's webhooks may arrive later than the buyers' outcomes. */
const SETTLE_TRIES = 40;
const SETTLE_PAUSE_MS = 500;

/** Compares each buyer's history with the rows, and for some buyers the rows with what the API shows them. */
export async function checkHistories(sale: CheckHistoriesOptions): Promise<CheckedHistories> {
  const { histories } = sale;
  let orders = await readStockOrders(sale);
  const isSettling = (history: ObservedHistory) => isAwaitingWebhook(history, orders.get(history.buyer) ?? []);
  for (let tries = 0; tries < SETTLE_TRIES && histories.some(isSettling); tries += 1) {
    await sleep(SETTLE_PAUSE_MS);
    orders = await readStockOrders(sale);
  }
  const breaches = histories.flatMap((history) => contradictionsOf(history, orders.get(history.buyer) ?? []));
  const asked = pickEvenly(histories.length);
  const queue = asked.values();
  async function work(): Promise<void> {
    for (const index of queue) {
      const { buyer } = histories[index] as ObservedHistory;
      const own = await readOwnOrders(sale, sale.tokenOf(index));
      if (describeOrders(own) !== describeOrders(orders.get(buyer) ?? [])) {
        breaches.push(`the API shows ${buyer} other orders than the rows: ${describeOrders(own) || 'none'}`);
      }
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  const all = [...orders.values()].flat();
  return { breaches, active: all.filter(isActive).length, rows: all.length, asked: asked.length };
}

function describeOrders(orders: SeenOrder[]): string {
  const lines = orders.map(({ orderNo, state }) => `${orderNo} ${state}`);
  return lines.sort().join(', ');
}

const isAwaitingWebhook = ({ paid, confirmedNos }: ObservedHistory, orders: SeenOrder[]) =>
  paid && orders.some(({ orderNo, state }) => confirmedNos.includes(orderNo) && state === 'awaiting_payment');

function pickEvenly(length: number): number[] {
  const wanted = Math.min(length, MAX_ASKED);
  return Array.from({ length: wanted }, (_, i) => Math.floor((i * length) / wanted));
}

/** All rows of the stock, by buyer. */
async function readStockOrders({ client, sid, adminToken }: CheckHistoriesOptions): Promise<Map<string, SeenOrder[]>> {
  const orders = new Map<string, SeenOrder[]>();
  let cursor = '';
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const path = `/api/v1/admin/stocks/${sid}/orders?limit=${PAGE_SIZE}${cursor && `&cursor=${cursor}`}`;
    const { body } = await sendUntil(client, { method: 'GET', path, token: adminToken }, 200);
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

async function readOwnOrders({ client, sid }: CheckHistoriesOptions, token: string): Promise<SeenOrder[]> {
  const path = `/api/v1/orders?sid=${sid}&limit=100`;
  const { body } = await sendUntil(client, { method: 'GET', path, token }, 200);
  return body.orders as SeenOrder[];
}
