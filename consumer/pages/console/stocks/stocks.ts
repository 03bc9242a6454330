import { effect, signal } from '@preact/signals';
import { ApiError } from '../../call-api.ts';
import { identity } from '../../identity.ts';
import type { Stock } from '../../stock.ts';
import { callAdmin } from '../parts/access.ts';
import { view } from '../parts/view.ts';
import { findTraffic } from './find-traffic.ts';
import { chosenSid, pinnedSid } from './stock-events.ts';

/** A stock as administrators see it. */
export type AdminStock = Stock & { hidden: boolean };

export type NewStock = {
  name?: string;
  count?: number;
  priceCents?: number;
  currency?: string;
  opensAt?: string;
  closesAt?: string;
};
export type Change = {
  name?: string | undefined;
  priceCents?: number | undefined;
  opensAt?: string | null;
  closesAt?: string | null;
  paused?: boolean;
  hidden?: boolean;
  addUnits?: number;
};

export type Order = {
  orderNo: string;
  buyer: string;
  state: string;
  decision: string;
  decidedBy: string;
  createdAt: string;
};
export type AuditCheck = {
  name: string;
  ok: boolean;
  /** `left_out`: it was not checked; `detail` says why. */
  result: 'holds' | 'broken' | 'left_out';
  detail: string;
};
export type Audit = { ok: boolean; checks: AuditCheck[] };

/** Newest first; null: not read yet. */
export const stocks = signal<AdminStock[] | null>(null);
export const stocksLost = signal(false);

/** Orders on a page. */
export const ORDERS_PAGE = 20;

const MAX_PAGES = 4;
const STOCKS_PAGE = 500;
const READ_EVERY_MS = 3000;
const PAGE_MS = 2000;

/** Reads the list now and again and again, more seldom where it is long, and not while nobody looks. */
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
  // Elsewhere a person works with the chosen one.
  const isFollowing = view.value.name === 'live' && pinnedSid.value === null;
  const busy = isFollowing ? findTraffic(before, all, chosenSid.value) : null;
  if (busy !== null) chosenSid.value = busy;
  return Math.max(1, pages);
}

/** All these reject with an ApiError. */
export async function createStock(wish: NewStock): Promise<AdminStock> {
  const { body } = await callAdmin<AdminStock>('/admin/stocks', { method: 'POST', body: wish });
  take(body);
  return body;
}

export async function changeStock(sid: number, change: Change): Promise<AdminStock> {
  const { body } = await callAdmin<AdminStock>(`/admin/stocks/${sid}`, { method: 'PATCH', body: change });
  take(body);
  return body;
}

/** Another stock is the chosen one then. */
export async function removeStock(sid: number): Promise<void> {
  await callAdmin(`/admin/stocks/${sid}`, { method: 'DELETE' });
  const others = (stocks.value ?? []).filter((stock) => stock.sid !== sid);
  stocks.value = others;
  if (pinnedSid.value === sid) pinnedSid.value = null;
  if (chosenSid.value === sid) chosenSid.value = others[0]?.sid ?? null;
}

export type AuditJob = Audit & {
  state: 'running' | 'done' | 'failed' | 'cancelled';
  checksDone: number;
  checksTotal: number;
  error: string | null;
};

const LOOK_AT_AUDIT_EVERY_MS = 300;

/** Starts the audit, or joins the one that is under way, and waits for its end: done or cancelled. `onMove` hears how far it is. */
export async function auditStock(sid: number, onMove: (job: AuditJob) => void): Promise<AuditJob> {
  const path = `/admin/stocks/${sid}/audit`;
  let { body: job } = await callAdmin<AuditJob>(path, { method: 'POST' });
  while (job.state === 'running') {
    onMove(job);
    await new Promise((resolve) => setTimeout(resolve, LOOK_AT_AUDIT_EVERY_MS));
    job = (await callAdmin<AuditJob>(path)).body;
  }
  if (job.state !== 'failed') return job;
  throw new ApiError('internal', 0, { detail: job.error ?? job.state });
}

export async function cancelAudit(sid: number): Promise<void> {
  await callAdmin(`/admin/stocks/${sid}/audit`, { method: 'DELETE' });
}

export async function listOrders(
  sid: number,
  cursor: string | null,
): Promise<{ orders: Order[]; nextCursor: string | null }> {
  const after = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
  return (
    await callAdmin<{ orders: Order[]; nextCursor: string | null }>(
      `/admin/stocks/${sid}/orders?limit=${ORDERS_PAGE}${after}`,
    )
  ).body;
}

function take(stock: AdminStock): void {
  const others = (stocks.value ?? []).filter(({ sid }) => sid !== stock.sid);
  stocks.value = [stock, ...others].sort((a, b) => b.sid - a.sid);
}
