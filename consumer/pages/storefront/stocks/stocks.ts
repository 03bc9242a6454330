import { type Signal, signal } from '@preact/signals';
import { ApiError, callApi } from '../../call-api.ts';
import { takeServerDate } from '../../server-clock.ts';
import type { Stock } from '../../stock.ts';
import { STOCK_RANK, streams } from '../parts/streams.ts';
import { arrangeStocks, chooseFollowed, type Interest } from './arrange-stocks.ts';

// The shop's stocks: the list is read every few seconds, and the most important stock is followed by a stream.

/** The order of the cards. */
export const sids = signal<readonly string[]>([]);
/** The latest stock that appeared since the page was opened. */
export const newOffer = signal<string | null>(null);
export const shopState = signal<'loading' | 'ready' | 'lost'>('loading');

const REFRESH_MS = 4000;
const REFRESH_MAX_MS = 30_000;
// Of a hundred stocks each.
const MAX_PAGES = 5;

const stocks = new Map<string, Signal<Stock>>();
const inView = new Set<string>();
const interests = new Map<string, Interest>();
let timer: ReturnType<typeof setTimeout> | undefined;
let waitMs = REFRESH_MS;
let isAwake = false;
const listeners: ((stock: Stock) => void)[] = [];

export function stockOf(sid: string): Signal<Stock> | undefined {
  return stocks.get(sid);
}

/** Calls `listener` with each stock that was read again. */
export function onStock(listener: (stock: Stock) => void): void {
  listeners.push(listener);
}

export function setInView(sid: string, isIn: boolean): void {
  if (isIn) inView.add(sid);
  else inView.delete(sid);
  chooseStreams();
}

export function setInterest(sid: string, interest: Interest | undefined): void {
  if (interests.get(sid) === interest) return;
  if (interest) interests.set(sid, interest);
  else interests.delete(sid);
  chooseStreams();
}

/** Starts reading, now. */
export function wakeStocks(): void {
  isAwake = true;
  clearTimeout(timer);
  void refresh();
  chooseStreams();
}

/** The page is hidden: stops calls and streams. */
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

/** Reads one stock again, if the list may be older than an answer. Rejects with an ApiError. */
export async function readStock(sid: string): Promise<void> {
  const { body } = await callApi<Stock>(`/stocks/${sid}`);
  const known = stocks.get(sid);
  if (known) update(known, describedOf(body));
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

/** The newest stocks, and all open and upcoming ones, even if many ended stocks are newer. */
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
    // Servers of the previous release have no filter.
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
    // An open stream is ahead of the list, but does not carry these fields.
    if (!known) stocks.set(stock.sid, signal(stock));
    else if (streams.isOpen(streamOf(stock.sid))) update(known, describedOf(stock));
    else update(known, stock);
  }
  const before = sids.peek();
  const arranged = arrangeStocks(before, read);
  if (arranged.join() !== before.join()) sids.value = arranged;
  const added = arranged.find((sid) => !before.includes(sid));
  if (shopState.peek() !== 'loading' && added !== undefined) newOffer.value = added;
  chooseStreams();
}

/** What the stream of a stock does not carry. */
function describedOf(stock: Stock): Partial<Stock> {
  const { name, price, compareAtPrice, maxPerOrder, description, pictureUrl, paused } = stock;
  const { mode = 'rush', line = null, entriesOpenAt = null, entriesCloseAt = null } = stock;
  const said = { name, price, compareAtPrice, maxPerOrder, description, pictureUrl, paused };
  return Object.assign(said, { mode, line, entriesOpenAt, entriesCloseAt });
}

function update(known: Signal<Stock>, changed: Partial<Stock>): void {
  const stock = { ...known.value, ...changed };
  // An unchanged stock is not drawn again.
  if (JSON.stringify(stock) !== JSON.stringify(known.value)) known.value = stock;
  for (const listener of listeners) listener(stock);
}

function chooseStreams(): void {
  const shown = [...inView].flatMap((sid) => stocks.get(sid)?.peek() ?? []);
  const chosen = isAwake ? chooseFollowed(shown, interests, 1) : [];
  streams.request(
    'stocks',
    chosen.map((sid) => ({ path: streamOf(sid), rank: STOCK_RANK })),
  );
}

function streamOf(sid: string): string {
  return `/stocks/${sid}/events`;
}

streams.onEvent((event, data) => {
  if (event !== 'stock') return;
  const { sid, state, left, count, opensAt, closesAt } = data as Stock;
  const known = stocks.get(sid);
  if (known) update(known, { state, left, count, opensAt, closesAt });
});
