import { type Signal, signal } from '@preact/signals';
import { callApi } from '../../call-api.ts';
import { identity } from '../../identity.ts';
import { serverNowMs } from '../../server-clock.ts';
import type { Stock } from '../../stock.ts';
import { isActive } from '../orders/order.ts';
import { ENTRY_RANK, streams } from '../parts/streams.ts';
import { purchaseOf } from '../purchases/purchases.ts';
import { stockOf } from '../stocks/stocks.ts';
import type { Draw, Entry, SeenStatement } from './draw-types.ts';
import { keepFirstStatement } from './kept-entries.ts';
import { enter, entryOf, readEntry, takeEntry } from './my-entry.ts';

// Reads the draws of the shown cards and the buyer's entries by polling. While something may happen to an entry that waits, its stream takes the place
// of the polls. Nothing here needs a stream.

export type FollowedDraw = { draw: Draw | null; seen: SeenStatement | null };
type Followed = { cards: number; drawAtMs: number; entryAtMs: number };

const CHECK_EVERY_MS = 500;
const POLL_MS = 10_000;
/** From closing until the draw. */
const POLL_SOON_MS = 4000;
const POLL_MAX_MS = 60_000;
/** All pages of a sale must not ask at the same moment. */
const SPREAD_MS = 3000;
/** A stream takes a connection that others need, so it is not open for the hours before. */
const STREAM_BEFORE_CLOSING_MS = 60_000;

const draws = new Map<string, Signal<FollowedDraw>>();
const followed = new Map<string, Followed>();

export function drawOf(sid: string): Signal<FollowedDraw> {
  let draw = draws.get(sid);
  if (!draw) {
    draw = signal<FollowedDraw>({ draw: null, seen: null });
    draws.set(sid, draw);
  }
  return draw;
}

/** Follows while a card shows the draw. Returns the end. */
export function followDraw(sid: string): () => void {
  const spreadMs = Math.random() * SPREAD_MS;
  const isKnown = entryOf(sid).peek().kind === 'in';
  const nowMs = performance.now();
  const entry = followed.get(sid) ?? { cards: 0, drawAtMs: nowMs, entryAtMs: isKnown ? nowMs : nowMs + spreadMs };
  followed.set(sid, entry);
  entry.cards += 1;
  return () => {
    entry.cards -= 1;
    if (entry.cards === 0) followed.delete(sid);
    chooseStream();
  };
}

/** Enters, and follows the entry from then on as the shop asks for. The first who joins after a rush starts its draw, so that is read too. */
export async function enterAndFollow(sid: string): Promise<void> {
  const askedMs = await enter(sid);
  const entry = followed.get(sid);
  if (!entry) return;
  entry.entryAtMs = performance.now() + spread(entryEveryMs(sid, askedMs));
  entry.drawAtMs = Math.min(entry.drawAtMs, performance.now() + 1000);
}

setInterval(() => {
  if (document.visibilityState !== 'visible') return;
  chooseStream();
  const nowMs = performance.now();
  for (const [sid, entry] of followed) {
    if (streams.isOpen(streamOf(sid))) continue;
    if (entry.drawAtMs <= nowMs) {
      entry.drawAtMs = Number.POSITIVE_INFINITY;
      void pollDraw(sid, entry);
    }
    if (entry.entryAtMs <= nowMs && identity.value) {
      entry.entryAtMs = Number.POSITIVE_INFINITY;
      void pollEntry(sid, entry);
    }
  }
}, CHECK_EVERY_MS);

addEventListener('visibilitychange', () => {
  if (document.visibilityState !== 'visible') return;
  for (const entry of followed.values()) askAgain(entry);
});

/** The latest card whose entry waits for something that may come soon. */
function chooseStream(): void {
  const sid = [...followed.keys()].findLast(isTurnNear);
  streams.request('entries', sid === undefined ? [] : [{ path: streamOf(sid), rank: ENTRY_RANK }]);
}

function isTurnNear(sid: string): boolean {
  const mine = entryOf(sid).peek();
  if (mine.kind !== 'in' || mine.entry.state !== 'waiting' || !identity.peek()) return false;
  const { draw } = drawOf(sid).peek();
  if (draw === null) return false;
  return draw.state !== 'taking' || Date.parse(draw.entriesCloseAt) - serverNowMs() < STREAM_BEFORE_CLOSING_MS;
}

function streamOf(sid: string): string {
  return `/stocks/${sid}/entry/events`;
}

streams.onEvent((event, data) => {
  if (event === 'entry') takeEntryEvent(data as Entry);
  if (event === 'draw') takeDrawEvent(data as Draw);
});

/** Another id: a void attempt gave a new one, or it is the entry of another buyer, as whom another tab is signed in. */
function takeEntryEvent(entry: Entry): void {
  const mine = entryOf(entry.sid).peek();
  if (mine.kind !== 'in' || !identity.peek()) return;
  if (mine.entry.ticket?.entryId === entry.ticket?.entryId) takeEntry(entry);
  else void readEntry(entry.sid).catch(() => undefined);
}

function takeDrawEvent(draw: Draw): void {
  takeDraw(draw);
  const mine = entryOf(draw.sid).peek();
  if (mine.kind !== 'in' || mine.entry.state !== 'waiting' || mine.entry.place === null) return;
  // Those in between may have left.
  takeEntry({ ...mine.entry, ahead: Math.max(0, mine.entry.place - draw.offeredPlace - 1) });
}

streams.onLost(() => {
  for (const entry of followed.values()) askAgain(entry);
});

function takeDraw(draw: Draw): void {
  const known = drawOf(draw.sid);
  if (JSON.stringify(draw) === JSON.stringify(known.peek().draw)) return;
  known.value = { draw, seen: keepFirstStatement(draw) };
}

function askAgain(entry: Followed): void {
  const nowMs = performance.now();
  entry.drawAtMs = Math.min(entry.drawAtMs, nowMs);
  entry.entryAtMs = Math.min(entry.entryAtMs, nowMs + Math.random() * SPREAD_MS);
}

async function pollDraw(sid: string, entry: Followed): Promise<void> {
  const known = drawOf(sid);
  const before = known.peek().draw;
  let askedMs = 0;
  try {
    const { body: draw, headers } = await callApi<Draw>(`/stocks/${sid}/draw`);
    askedMs = Number(headers.get('retry-after') ?? 0) * 1000;
    takeDraw(draw);
    // Places are known with the draw.
    if (before !== null && before.state !== draw.state) entry.entryAtMs = performance.now() + Math.random() * SPREAD_MS;
  } catch {
    askedMs = POLL_MS;
  }
  entry.drawAtMs = performance.now() + spread(Math.max(askedMs, drawEveryMs(sid, known.peek().draw)));
}

async function pollEntry(sid: string, entry: Followed): Promise<void> {
  let everyMs = POLL_MS * 2;
  try {
    everyMs = entryEveryMs(sid, await readEntry(sid));
  } catch {
    // Later.
  }
  entry.entryAtMs = Math.min(entry.entryAtMs, performance.now() + spread(everyMs));
}

/** Often where something is about to change. */
function drawEveryMs(sid: string, draw: Draw | null): number {
  if (draw?.state === 'closed' || draw?.state === 'stated') return POLL_SOON_MS;
  const closesMs = msUntil(stockOf(sid)?.peek().entriesCloseAt ?? null);
  return closesMs > 0 ? Math.min(POLL_MS, Math.max(closesMs, POLL_SOON_MS)) : POLL_MS;
}

/** As the shop asks for (`askedMs`, 0: it does not). Where nothing can change by itself, rarely: another device may have entered. */
function entryEveryMs(sid: string, askedMs: number | null): number {
  const mine = entryOf(sid).peek();
  const { value: purchase } = purchaseOf(sid);
  const hasOrder = purchase.kind === 'order' && isActive(purchase.order);
  if (askedMs === null || hasOrder || mine.kind !== 'in' || mine.entry.state === 'left') return POLL_MAX_MS;
  if (mine.entry.state === 'offered') return POLL_SOON_MS;
  return askedMs > 0 ? askedMs : POLL_MS;
}

const msUntil = (iso: Stock['entriesCloseAt']) => (iso ? Date.parse(iso) - serverNowMs() : Number.NaN);
const spread = (ms: number) => ms * (0.9 + Math.random() / 4);
