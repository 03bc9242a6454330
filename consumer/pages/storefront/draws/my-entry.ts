import { effect, type Signal, signal } from '@preact/signals';
import { MAX_TRIES } from '../../../client/next-step.ts';
import { type Answer, ApiError } from '../../call-api.ts';
import { identity, signIn } from '../../identity.ts';
import { serverNowMs } from '../../server-clock.ts';
import { callAsBuyer, readOrder } from '../orders/my-orders.ts';
import { waitUnlessEnded } from '../parts/wait-unless-ended.ts';
import { purchaseOf, takeOrder } from '../purchases/purchases.ts';
import type { Entry, EntryRefusal, MyEntry } from './draw-types.ts';
import { keepEntry, readEntryKey, readKeptEntry } from './kept-entries.ts';

// The buyer's entries, one for each stock. All calls may be repeated: a buyer has one entry of a stock.

const FIRST_WAIT_MS = 500;
const MAX_WAIT_MS = 8000;

const entries = new Map<string, Signal<MyEntry>>();
/** Aborted when the buyer changes. */
let life = new AbortController();

export function entryOf(sid: string): Signal<MyEntry> {
  let entry = entries.get(sid);
  if (!entry) {
    entry = signal<MyEntry>(firstSight(sid));
    entries.set(sid, entry);
  }
  return entry;
}

/** The entry as it was kept, until the shop has answered. */
function firstSight(sid: string): MyEntry {
  const buyer = identity.peek()?.buyer;
  const kept = buyer === undefined ? null : readKeptEntry(buyer, sid);
  return kept ? { kind: 'in', entry: kept.entry, leaveFailed: false } : { kind: 'none' };
}

/**
 * A click on the button. Repeats by itself while the shop is busy or does not answer. Resolves with the milliseconds after which the shop wants
 * to be asked again; 0: it named none.
 */
export async function enter(sid: string): Promise<number> {
  const mine = entryOf(sid);
  if (mine.value.kind === 'entering' || mine.value.kind === 'repeating' || mine.value.kind === 'leaving') return 0;
  const { signal: ended } = life;
  for (let tries = 1; ; tries += 1) {
    mine.value = { kind: 'entering' };
    if (!identity.value) await signIn('buyer');
    if (ended.aborted) return 0;
    const answer = await send(sid, 'entry').catch((error: ApiError) => error);
    if (ended.aborted) return 0;
    if (!(answer instanceof ApiError)) {
      takeEntry(answer.body);
      return askedMsOf(answer);
    }
    const why = REFUSALS[answer.code];
    if (why || !isPassing(answer) || tries === MAX_TRIES) {
      const { until } = answer.problem;
      mine.value = { kind: 'refused', why: why ?? 'given_up', ...(typeof until === 'string' && { until }) };
      return 0;
    }
    const waitMs = Math.max(answer.retryAfterMs, Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), MAX_WAIT_MS));
    const spreadMs = waitMs * (1 + Math.random() / 2);
    mine.value = { kind: 'repeating', atMs: serverNowMs() + spreadMs };
    await waitUnlessEnded(spreadMs, ended);
    if (ended.aborted) return 0;
  }
}

/** Busy, limited, no answer, or a line whose draw is being made. */
const isPassing = ({ status, code }: ApiError) =>
  status === 0 || status === 429 || status >= 500 || code === 'draw_pending';

/** By the code of the problem. */
const REFUSALS: Record<string, EntryRefusal> = {
  entries_not_open: 'not_open',
  entries_closed: 'entries_closed',
  cooldown: 'cooldown',
  no_draw: 'no_draw',
  stock_not_found: 'no_draw',
  unauthorized: 'signed_out',
  forbidden: 'forbidden',
  claim_required: 'forbidden',
  risk_denied: 'forbidden',
};

export async function leave(sid: string): Promise<void> {
  const mine = entryOf(sid);
  if (mine.value.kind !== 'in') return;
  const { entry } = mine.value;
  const { signal: ended } = life;
  mine.value = { kind: 'leaving', entry };
  try {
    const left = await send(sid, 'entry/leave');
    if (!ended.aborted) takeEntry(left.body);
  } catch {
    if (ended.aborted) return;
    mine.value = { kind: 'in', entry, leaveFailed: true };
    await readEntry(sid).catch(() => undefined);
  }
}

function send(sid: string, action: 'entry' | 'entry/leave'): Promise<Answer<Entry>> {
  return callAsBuyer<Entry>(`/stocks/${sid}/${action}`, { method: 'POST' });
}

const askedMsOf = ({ headers }: Answer<Entry>): number => Number(headers.get('retry-after') ?? 0) * 1000;

/** Reads the entry. Resolves with the milliseconds after which the shop wants to be asked again; 0: it named none. Null: there is no entry. */
export async function readEntry(sid: string): Promise<number | null> {
  const mine = entryOf(sid);
  const { value: before } = mine;
  const { signal: ended } = life;
  // A click in the meantime has a newer answer.
  const isNewer = () => ended.aborted || mine.value !== before;
  try {
    const answer = await callAsBuyer<Entry>(`/stocks/${sid}/entry`);
    if (!isNewer()) takeEntry(answer.body);
    return askedMsOf(answer);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    if (!isNewer() && before.kind === 'in') mine.value = { kind: 'none' };
    return null;
  }
}

export function takeEntry(entry: Entry): void {
  const buyer = identity.value?.buyer;
  if (buyer === undefined) return;
  const { value: before } = entryOf(entry.sid);
  keepEntry(buyer, entry);
  if (entry.orderNo !== null) void showOffer(entry.sid, entry.orderNo);
  // An unchanged entry is not drawn again.
  if (before.kind === 'in' && JSON.stringify(before.entry) === JSON.stringify(entry)) return;
  const leaveFailed = before.kind === 'in' && before.leaveFailed && entry.state === 'waiting';
  entryOf(entry.sid).value = { kind: 'in', entry, leaveFailed };
}

/** The offer is an order: from here on the card shows it as any other. A failed read is repeated with the next read of the entry. */
async function showOffer(sid: string, orderNo: string): Promise<void> {
  const { signal: ended } = life;
  const { value: purchase } = purchaseOf(sid);
  if (purchase.kind === 'order' && purchase.order.orderNo === orderNo) return;
  const order = await readOrder(orderNo).catch(() => null);
  if (order && !ended.aborted) takeOrder(order);
}

// Another tab of the same buyer has read the entry or changed it.
addEventListener('storage', ({ key }) => {
  const changed = readEntryKey(key);
  if (!changed || changed.buyer !== identity.value?.buyer) return;
  const mine = entryOf(changed.sid);
  if (mine.value.kind === 'in' || mine.value.kind === 'none') mine.value = firstSight(changed.sid);
});

let buyer = identity.peek()?.buyer;
effect(() => {
  const now = identity.value?.buyer;
  if (now === buyer) return;
  buyer = now;
  life.abort();
  life = new AbortController();
  for (const [sid, entry] of entries) entry.value = firstSight(sid);
});
