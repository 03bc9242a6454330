import { type Signal, signal } from '@preact/signals';
import { ApiError, callApi } from '../../call-api.ts';
import { takeServerDate } from '../../server-clock.ts';
import type { Stock } from '../../stock.ts';
import { STOCK_RANK, stockStream, streams } from '../parts/streams.ts';
import { arrangeStocks, chooseFollowed, type Interest } from './arrange-stocks.ts';

// What is for sale: the list every few seconds, and a stream for the stock that matters most.

/** The cards' sequence. */
export const sids = signal<readonly number[]>([]);
/** The latest stock that was put on sale since the page was opened. */
export const newOffer = signal<number | null>(null);
export const shopState = signal<'loading' | 'ready' | 'lost'>('loading');

const REFRESH_MS = 4000;
const REFRESH_MAX_MS = 30_000;
// A hundred stocks each.
const MAX_PAGES = 5;

const stocks = new Map<number, Signal<Stock>>();
const inView = new Set<number>();
const interests = new Map<number, Interest>();
let timer: ReturnType<typeof setTimeout> | undefined;
let waitMs = REFRESH_MS;
let isAwake = false;
const listeners: ((stock: Stock) => void)[] = [];

export function stockOf(sid: number): Signal<Stock> | undefined {
  return stocks.get(sid);
}

/** Calls `hear` with each stock that was read anew. */
export function onStock(hear: (stock: Stock) => void): void {
  listeners.push(hear);
}

export function setInView(sid: number, isIn: boolean): void {
  if (isIn) inView.add(sid);
  else inView.delete(sid);
  chooseStreams();
}

export function setInterest(sid: number, interest: Interest | undefined): void {
  if (interests.get(sid) === interest) return;
  if (interest) interests.set(sid, interest);
  else interests.delete(sid);
  chooseStreams();
}

/** Reads on, from now. */
export function wakeStocks(): void {
  isAwake = true;
  clearTimeout(timer);
  void refresh();
  chooseStreams();
}

/** Nobody looks: no calls and no streams. */
export function restStocks(): void {
  isAwake = false;
  clearTimeout(timer);
}

addEventListener('offline', () => {
  shopState.value = 'lost';
});
addEventListener('online', () => {
  if (isAwake) wakeStocks();
});

/** Reads one stock anew, where the list may be older than an answer. Rejects with an ApiError. */
export async function readStock(sid: number): Promise<void> {
  const { body } = await callApi<Stock>(`/stocks/${sid}`);
  const known = stocks.get(sid);
  const { name, priceCents, currency, paused } = body;
  if (known) update(known, { name, priceCents, currency, paused });
}

async function refresh(): Promise<void> {
  try {
    take(await readAll());
    shopState.value = 'ready';
    waitMs = REFRESH_MS;
  } catch {
    shopState.value = 'lost';
    waitMs = Math.min(waitMs * 2, REFRESH_MAX_MS);
  }
  if (!isAwake) return;
  clearTimeout(timer);
  timer = setTimeout(() => void refresh(), waitMs * (0.75 + Math.random() / 2));
}

type Page = { stocks: Stock[]; nextCursor: string | null };

/** The newest stocks, and what is open or opens later, however many that are over came after it. */
async function readAll(): Promise<Stock[]> {
  const first = await readPage('');
  const all = new Map(first.stocks.map((stock) => [stock.sid, stock]));
  if (first.nextCursor !== null) {
    for (const stock of await readOlder()) if (!all.has(stock.sid)) all.set(stock.sid, stock);
  }
  return [...all.values()];
}

async function readOlder(): Promise<Stock[]> {
  try {
    return (await Promise.all([readPages('state=open'), readPages('state=upcoming')])).flat();
  } catch (error) {
    // A server of the release before knows no filter.
    if (error instanceof ApiError && error.status === 400) return readPages('');
    throw error;
  }
}

async function readPages(filter: string): Promise<Stock[]> {
  const all: Stock[] = [];
  let cursor: string | null = '';
  for (let page = 0; page < MAX_PAGES && cursor !== null; page += 1) {
    const read: Page = await readPage([filter, cursor && `cursor=${cursor}`].filter(Boolean).join('&'));
    all.push(...read.stocks);
    cursor = read.nextCursor;
  }
  return all;
}

async function readPage(query: string): Promise<Page> {
  const { body, headers } = await callApi<Page>(query === '' ? '/stocks' : `/stocks?${query}`);
  takeServerDate(headers.get('date'));
  return body;
}

function take(read: Stock[]): void {
  for (const stock of read) {
    const known = stocks.get(stock.sid);
    // A stream is ahead of the list, but says nothing of these.
    const { name, priceCents, currency, paused } = stock;
    if (!known) stocks.set(stock.sid, signal(stock));
    else if (streams.isOpen(stockStream(stock.sid))) update(known, { name, priceCents, currency, paused });
    else update(known, stock);
  }
  const before = sids.peek();
  const arranged = arrangeStocks(before, read);
  if (arranged.join() !== before.join()) sids.value = arranged;
  const added = arranged.find((sid) => !before.includes(sid));
  if (shopState.peek() !== 'loading' && added !== undefined) newOffer.value = added;
  chooseStreams();
}

function update(known: Signal<Stock>, said: Partial<Stock>): void {
  const stock = { ...known.value, ...said };
  // The same again is no news, and draws nothing.
  if (JSON.stringify(stock) !== JSON.stringify(known.value)) known.value = stock;
  for (const hear of listeners) hear(stock);
}

function chooseStreams(): void {
  const shown = [...inView].flatMap((sid) => stocks.get(sid)?.peek() ?? []);
  const chosen = isAwake ? chooseFollowed(shown, interests, 1) : [];
  streams.wish(
    'stocks',
    chosen.map((sid) => ({ path: stockStream(sid), rank: STOCK_RANK })),
  );
}

streams.onEvent((event, data) => {
  if (event !== 'stock') return;
  const { sid, state, left, count, opensAt, closesAt } = data as Stock;
  const known = stocks.get(sid);
  if (known) update(known, { state, left, count, opensAt, closesAt });
});
