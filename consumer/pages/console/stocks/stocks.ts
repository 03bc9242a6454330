import { effect, signal } from '@preact/signals';
import type { Static } from 'typebox';
import type { adminStockSchema, createSchema, updateSchema } from '../../../admin/admin-schemas.ts';
import { identity } from '../../identity.ts';
import type { Stock } from '../../stock.ts';
import { callAdmin } from '../parts/call-admin.ts';
import { view } from '../parts/view.ts';
import { findTraffic } from './find-traffic.ts';
import { chosenSid, pinnedSid } from './stock-events.ts';

/** A stock in the administrators' API. */
export type AdminStock = Stock & Pick<Static<typeof adminStockSchema>, 'hidden' | 'metadata'>;
type FieldsOfDraws = Pick<Stock, 'mode' | 'entriesOpenAt' | 'entriesCloseAt'>;
export type NewStock = Omit<Partial<Static<typeof createSchema.body>>, keyof FieldsOfDraws> & FieldsOfDraws;
export type Change = Static<typeof updateSchema.body>;

/** Newest first; null: not read yet. */
export const stocks = signal<AdminStock[] | null>(null);
export const stocksLost = signal(false);

const MAX_PAGES = 4;
const STOCKS_PAGE = 500;
const READ_EVERY_MS = 3000;
const PAGE_MS = 2000;

/** Reads the list repeatedly: less often if it is long, and not while the page is hidden. */
export async function followStocks(): Promise<never> {
  for (;;) {
    await untilSignedIn();
    const pages = document.visibilityState === 'visible' ? await readStocks() : 1;
    await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS + (pages - 1) * PAGE_MS));
  }
}

function untilSignedIn(): Promise<void> {
  return new Promise((resolve) => {
    const stop = effect(() => {
      if (identity.value === null) return;
      resolve();
      queueMicrotask(() => stop());
    });
  });
}

async function readStocks(): Promise<number> {
  const all: AdminStock[] = [];
  let cursor: string | null = '';
  let pages = 0;
  try {
    while (cursor !== null && pages < MAX_PAGES) {
      const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await callAdmin<{ stocks: AdminStock[]; nextCursor: string | null }>(
        `/admin/stocks?limit=${STOCKS_PAGE}${after}`,
      );
      all.push(...body.stocks);
      cursor = body.nextCursor;
      pages += 1;
    }
  } catch {
    stocksLost.value = true;
    return 1;
  }
  stocksLost.value = false;
  const isOpen = ({ state }: Stock) => state === 'open';
  const before = new Map((stocks.value ?? []).map(({ sid, sold }) => [sid, sold]));
  stocks.value = all;
  chosenSid.value ??= (all.find(isOpen) ?? all[0])?.sid ?? null;
  // In the other views a person works with the chosen stock.
  const isFollowing = view.value.name === 'live' && pinnedSid.value === null;
  const busiest = isFollowing ? findTraffic(before, all, chosenSid.value) : null;
  if (busiest !== null) chosenSid.value = busiest;
  return Math.max(1, pages);
}

// The following functions reject with an ApiError.

export async function createStock(stock: NewStock): Promise<AdminStock> {
  const { body } = await callAdmin<AdminStock>('/admin/stocks', { method: 'POST', body: stock });
  take(body);
  return body;
}

export async function changeStock(sid: string, change: Change): Promise<AdminStock> {
  const { body } = await callAdmin<AdminStock>(`/admin/stocks/${sid}`, { method: 'PATCH', body: change });
  take(body);
  return body;
}

/** If the removed stock was chosen, another one is. */
export async function removeStock(sid: string): Promise<void> {
  await callAdmin(`/admin/stocks/${sid}`, { method: 'DELETE' });
  const others = (stocks.value ?? []).filter((stock) => stock.sid !== sid);
  stocks.value = others;
  if (pinnedSid.value === sid) pinnedSid.value = null;
  if (chosenSid.value === sid) chosenSid.value = others[0]?.sid ?? null;
}

function take(stock: AdminStock): void {
  const others = (stocks.value ?? []).filter(({ sid }) => sid !== stock.sid);
  stocks.value = [stock, ...others].sort((a, b) => Number(b.sid) - Number(a.sid));
}
