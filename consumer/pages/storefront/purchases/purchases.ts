import { type Signal, signal } from '@preact/signals';
import { ApiError } from '../../call-api.ts';
import { identity } from '../../identity.ts';
import { serverNowMs, whenClockKnown } from '../../server-clock.ts';
import { followOrder, forgetOrders, onFollowed } from '../orders/follow-orders.ts';
import { intents } from '../orders/intents.ts';
import { type Intent, readIntentName, readOrderNo } from '../orders/keep-intents.ts';
import { callAsBuyer, noteInList, readOrder, readOrders, readOrdersOf } from '../orders/my-orders.ts';
import { isActive, type Order } from '../orders/order.ts';
import type { TextName } from '../parts/texts.ts';
import { waitUnlessEnded } from '../parts/wait-unless-ended.ts';
import { onStock, readStock, setInterest, stockOf } from '../stocks/stocks.ts';
import { describeNews } from './describe-news.ts';
import type { Payment, Purchase } from './describe-purchase.ts';
import { orderThatCounts } from './next-step.ts';
import { runIntent } from './run-intent.ts';

// How the buyer stands with each stock, and what the buyer does about it.

// What the list says within this time after a refusal may be older than the refusal.
const REFUSAL_COUNTS_MS = 2500;
/** The sandbox tells within a second; afterwards one can pay again. */
const CONFIRMED_WITHIN_MS = 5000;
const MONEY_LOOKS = 8;
const MONEY_LOOK_MS = 1500;
// A price that is read may be two seconds old.
const PRICE_LOOKS = 4;
const PRICE_LOOK_MS = 800;
const ORDERS_SPREAD_MS = 3000;
const ORDERS_AGAIN_MS = 60_000;

/** For those who hear the page. */
export const announcement = signal<{ sid: number; text: TextName } | null>(null);

const purchases = new Map<number, Signal<Purchase>>();
/** Ends everything that is under way for a buyer who is no longer the one. */
let life = new AbortController();
let running = new Set<number>();
/** When the list of orders was asked for last. */
let readAtMs = Number.NEGATIVE_INFINITY;

export function purchaseOf(sid: number): Signal<Purchase> {
  let purchase = purchases.get(sid);
  if (!purchase) {
    purchase = signal<Purchase>({ kind: 'none' });
    purchases.set(sid, purchase);
  }
  return purchase;
}

/** A click on the big button, which showed `maxPriceCents`. What it shows it shows at once. */
export function buy(sid: number, maxPriceCents: number): void {
  if (running.has(sid)) return;
  set(sid, { kind: 'asking' });
  void run(sid, maxPriceCents);
}

/** `maxPriceCents` null: no click. */
async function run(sid: number, maxPriceCents: number | null): Promise<void> {
  if (running.has(sid)) return;
  const ofThisLife = running.add(sid);
  const { signal: ended } = life;
  try {
    const purchase = await runIntent({ sid, intents, maxPriceCents, ended, show: (one) => set(sid, one) });
    if (ended.aborted || !purchase) return;
    if (purchase.kind === 'order') takeOrder(purchase.order);
    else if (purchase.kind === 'refused' && purchase.maxPriceCents !== undefined)
      await refusePrice(sid, purchase.maxPriceCents);
    else set(sid, purchase);
  } finally {
    ofThisLife.delete(sid);
  }
}

/** Says so once the new price is shown, or has not come within some seconds. */
async function refusePrice(sid: number, maxPriceCents: number): Promise<void> {
  const { signal: ended } = life;
  const { value: before } = purchaseOf(sid);
  const isShown = () => (stockOf(sid)?.peek().priceCents ?? 0) > maxPriceCents;
  for (let looks = 0; looks < PRICE_LOOKS && !isShown(); looks += 1) {
    if (looks > 0) await waitUnlessEnded(PRICE_LOOK_MS, ended);
    await readStock(sid).catch(() => undefined);
    if (ended.aborted) return;
  }
  if (purchaseOf(sid).value === before)
    set(sid, { kind: 'refused', why: 'price_above_max', atMs: performance.now(), maxPriceCents });
}

function set(sid: number, purchase: Purchase): void {
  const one = purchaseOf(sid);
  const news = describeNews(one.value, purchase);
  one.value = purchase;
  if (news) announcement.value = { sid, text: news };
  if (purchase.kind === 'none') setInterest(sid, undefined);
  else setInterest(sid, purchase.kind === 'order' && isActive(purchase.order) ? 'has' : 'watching');
}

/** An order as the API says it is: the card, the list, and what is kept of it follow. */
function takeOrder(order: Order, payment?: Payment): void {
  const { sid, orderNo, state } = order;
  const buyer = identity.value?.buyer;
  if (buyer === undefined) return;
  noteInList(order);
  const { value: now } = purchaseOf(sid);
  const known = now.kind === 'order' ? now : undefined;
  // Of the order before the one that is shown.
  if (known && known.order.orderNo !== orderNo && isActive(known.order) && !isActive(order)) return;
  const sameOrder = known?.order.orderNo === orderNo;
  const kept = sameOrder ? known.payment : 'none';
  const intent = intents.read(buyer, sid);
  const maxPriceCents = intent?.orderNo === orderNo ? intent.maxPriceCents : undefined;
  if (!isActive(order)) intents.endWithOrder(buyer, sid, orderNo);
  if (state === 'price_above_max' && maxPriceCents !== undefined) {
    void refusePrice(sid, maxPriceCents);
  } else if (
    state === 'sold_out' ||
    state === 'paused' ||
    state === 'not_open' ||
    state === 'closed' ||
    state === 'price_above_max'
  ) {
    set(sid, { kind: 'refused', why: state, atMs: performance.now() });
  } else if (state === 'duplicate') {
    if (sameOrder) void showInstead(order);
  } else {
    set(sid, { kind: 'order', order: sameOrder ? { ...known.order, ...order } : order, payment: payment ?? kept });
  }
  followOrder(order);
}

/** The buyer has another order, by a click elsewhere: that one is shown. */
async function showInstead({ sid, orderNo, liveOrderNo }: Order): Promise<void> {
  const { signal: ended } = life;
  set(sid, { kind: 'asking' });
  const live = await readOrder(liveOrderNo ?? orderNo).catch(() => null);
  if (ended.aborted) return;
  if (live && live.state !== 'duplicate') takeOrder(live);
  else set(sid, { kind: 'none' });
}

export async function payOrder(order: Order): Promise<void> {
  takeOrder(order, 'leaving');
  try {
    const { orderNo } = order;
    const body = { returnUrl: `/?order=${encodeURIComponent(orderNo)}` };
    const { body: said } = await callAsBuyer<{ redirectUrl: string }>(`/orders/${orderNo}/payments`, {
      method: 'POST',
      body,
    });
    location.assign(said.redirectUrl);
  } catch (error) {
    takeOrder(order, 'failed');
    if (error instanceof ApiError && error.code === 'wrong_state')
      await readOrder(order.orderNo).then(takeOrder, () => undefined);
  }
}

/** Resolves with whether it is cancelled, or has come to another end meanwhile. */
export async function cancelOrder(order: Order): Promise<boolean> {
  const { orderNo } = order;
  try {
    const { body } = await callAsBuyer<Order>(`/orders/${orderNo}`, { method: 'DELETE' });
    takeOrder(body);
    return true;
  } catch {
    const now = await readOrder(orderNo).catch(() => null);
    if (now) takeOrder(now);
    return now !== null && now.state !== 'awaiting_payment';
  }
}

/**
 * The buyer's orders as they are, and what was under way when the page was left. `returnedFrom`: the order whose payment page
 * was left just now; `isDeclined`: as the gateway says.
 */
export async function resumePurchases(returnedFrom: string | null, isDeclined = false): Promise<void> {
  const { value: one } = identity;
  if (!one) return;
  const { signal: ended } = life;
  if (returnedFrom !== null) await comeBack(returnedFrom, isDeclined, ended);
  await whenClockKnown();
  if (ended.aborted) return;
  const unfinished = intents.unfinished(one.buyer, serverNowMs());
  for (const intent of unfinished) {
    const { value: purchase } = purchaseOf(intent.sid);
    if (purchase.kind === 'order' && isActive(purchase.order)) continue;
    if (running.has(intent.sid)) continue;
    if (intent.isGivenUp) {
      void lookForOrder(intent, one.buyer, ended);
      continue;
    }
    set(intent.sid, { kind: 'asking' });
    void run(intent.sid, null);
  }
  // Orders made elsewhere can wait. All who open the shop for one sale must not ask for theirs at one moment.
  if (performance.now() - readAtMs < ORDERS_AGAIN_MS) return;
  readAtMs = performance.now();
  if (unfinished.length === 0 && returnedFrom === null) await waitUnlessEnded(Math.random() * ORDERS_SPREAD_MS, ended);
  if (!ended.aborted) await takeOrders(ended);
}

/** The buyer was asked whether to go on. Without a click nothing is sent that may take a unit. */
async function lookForOrder({ sid, key }: Intent, buyer: string, ended: AbortSignal): Promise<void> {
  if (purchaseOf(sid).value.kind === 'none') set(sid, { kind: 'given_up', uncertain: true });
  const order = orderThatCounts(await readOrdersOf(sid).catch(() => []));
  if (!order || ended.aborted || running.has(sid)) return;
  intents.setOrder(buyer, sid, key, order.orderNo);
  takeOrder(order);
}

async function takeOrders(ended: AbortSignal): Promise<void> {
  const orders = (await readOrders().catch(() => null)) ?? [];
  if (ended.aborted) return;
  for (const sid of new Set(orders.map((order) => order.sid))) {
    const order = orderThatCounts(orders.filter((one) => one.sid === sid));
    if (order) takeOrder(order);
  }
}

async function comeBack(orderNo: string, isDeclined: boolean, ended: AbortSignal): Promise<void> {
  const order = await readOrder(orderNo).catch(() => null);
  if (!order || ended.aborted) return;
  if (order.state !== 'awaiting_payment') {
    takeOrder(order);
    void watchMoney(order, ended);
    return;
  }
  takeOrder(order, isDeclined ? 'declined' : 'back');
  setTimeout(() => {
    const { value: purchase } = purchaseOf(order.sid);
    if (purchase.kind === 'order' && purchase.order.orderNo === orderNo && purchase.payment === 'back')
      set(order.sid, { ...purchase, payment: 'late' });
  }, CONFIRMED_WITHIN_MS);
}

/** An order that ended while its buyer was at the gateway: money may still come, and is shown on its way back. */
async function watchMoney(order: Order, ended: AbortSignal): Promise<void> {
  const isOpen = ({ state, payments = [] }: Order) =>
    state !== 'paid' && payments.some((payment) => payment.state === 'started' || payment.state === 'refund_due');
  let now = order;
  for (let looks = 0; looks < MONEY_LOOKS && isOpen(now); looks += 1) {
    await waitUnlessEnded(MONEY_LOOK_MS, ended);
    if (ended.aborted) return;
    now = await readOrder(order.orderNo).catch(() => now);
    if (!ended.aborted) takeOrder(now);
  }
}

/** Another buyer: nothing of the one before stays. */
export function forgetPurchases(): void {
  life.abort();
  life = new AbortController();
  running = new Set();
  readAtMs = Number.NEGATIVE_INFINITY;
  forgetOrders();
  for (const sid of purchases.keys()) set(sid, { kind: 'none' });
}

/** Back at the page, by the back button or from another tab. */
export function refreshPurchases(): void {
  for (const purchase of purchases.values()) {
    const { value: one } = purchase;
    if (one.kind === 'order' && one.payment === 'leaving') purchase.value = { ...one, payment: 'none' };
  }
  void resumePurchases(null);
}

onFollowed((order) => takeOrder(order));

// Units that came back: what was refused can be bought again.
onStock(({ sid, state }) => {
  const { value: purchase } = purchaseOf(sid);
  if (purchase.kind !== 'refused' || performance.now() - purchase.atMs < REFUSAL_COUNTS_MS) return;
  const isOver =
    purchase.why === 'sold_out' ||
    purchase.why === 'paused' ||
    purchase.why === 'not_open' ||
    purchase.why === 'closed';
  if (isOver && state !== 'sold_out') set(sid, { kind: 'none' });
});

// What another tab of the same buyer did: it has an order now, or the order that is shown has ended.
addEventListener('storage', ({ key, newValue }) => {
  const name = readIntentName(key);
  if (!name || name.buyer !== identity.value?.buyer || running.has(name.sid)) return;
  const { value: purchase } = purchaseOf(name.sid);
  const orderNo = readOrderNo(newValue) ?? (purchase.kind === 'order' ? purchase.order.orderNo : undefined);
  if (orderNo === undefined) return;
  const { signal: ended } = life;
  readOrder(orderNo).then(
    (order) => {
      if (!ended.aborted) takeOrder(order);
    },
    () => undefined,
  );
});
