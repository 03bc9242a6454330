import { type Signal, signal } from '@preact/signals';
import type { Money } from '../../../api/money.ts';
import { parseIntent, readIntentName } from '../../../client/intents.ts';
import type { OrderView } from '../../../orders/order-view.ts';
import { ApiError } from '../../call-api.ts';
import { identity } from '../../identity.ts';
import { whenClockKnown } from '../../server-clock.ts';
import { followOrder, forgetOrders, onFollowed } from '../orders/follow-orders.ts';
import { intents, type StoredIntent, unfinishedIntents } from '../orders/intents.ts';
import { callAsBuyer, readOrder, readOrders, readOrdersOf, updateList } from '../orders/my-orders.ts';
import { findActiveOrder, isActive, type Order, toOrder } from '../orders/order.ts';
import { announcement } from '../parts/announcement.ts';
import { waitUnlessEnded } from '../parts/wait-unless-ended.ts';
import { onStock, readStock, setInterest, stockOf } from '../stocks/stocks.ts';
import { describeNews } from './describe-news.ts';
import type { Payment, Purchase } from './describe-purchase.ts';
import { runIntent } from './run-intent.ts';

// The buyer's purchases, one for each stock, and the actions that change them.

// For this time after a refusal the list of stocks may be older than the refusal.
const REFUSAL_COUNTS_MS = 2500;
/** The sandbox confirms within a second. After this time the buyer can pay again. */
const CONFIRMED_WITHIN_MS = 5000;
const REFUND_READS = 8;
const REFUND_READ_MS = 1500;
// A cached price may be two seconds old.
const PRICE_READS = 4;
const PRICE_READ_MS = 800;
const ORDERS_SPREAD_MS = 3000;
const ORDERS_AGAIN_MS = 60_000;

const purchases = new Map<string, Signal<Purchase>>();
/** Aborted when the buyer changes. */
let life = new AbortController();
let running = new Set<string>();
/** When the list of orders was read last. */
let readAtMs = Number.NEGATIVE_INFINITY;

export function purchaseOf(sid: string): Signal<Purchase> {
  let purchase = purchases.get(sid);
  if (!purchase) {
    purchase = signal<Purchase>({ kind: 'none' });
    purchases.set(sid, purchase);
  }
  return purchase;
}

/** A click on the buy button, which showed `maxPrice` for a unit. The button changes at once. */
export function buy(sid: string, maxPrice: Money, quantity: number): void {
  if (running.has(sid)) return;
  set(sid, { kind: 'asking' });
  void run(sid, maxPrice, quantity);
}

/** `maxPrice` null: without a click, only a stored intent is completed. */
async function run(sid: string, maxPrice: Money | null, quantity = 1): Promise<void> {
  if (running.has(sid)) return;
  const ofThisLife = running.add(sid);
  const { signal: ended } = life;
  try {
    const purchase = await runIntent({ sid, maxPrice, quantity, ended, show: (next) => set(sid, next) });
    if (ended.aborted || !purchase) return;
    if (purchase.kind === 'order') takeOrder(purchase.order);
    else if (purchase.kind === 'refused' && purchase.maxPrice !== undefined) await refusePrice(sid, purchase.maxPrice);
    else set(sid, purchase);
  } finally {
    ofThisLife.delete(sid);
  }
}

/** Shows the refusal once the new price is displayed, or after some seconds. */
async function refusePrice(sid: string, maxPrice: Money): Promise<void> {
  const { signal: ended } = life;
  const { value: before } = purchaseOf(sid);
  const isShown = () => (stockOf(sid)?.peek().price.amount ?? 0) > maxPrice.amount;
  for (let reads = 0; reads < PRICE_READS && !isShown(); reads += 1) {
    if (reads > 0) await waitUnlessEnded(PRICE_READ_MS, ended);
    await readStock(sid).catch(() => undefined);
    if (ended.aborted) return;
  }
  if (purchaseOf(sid).value === before)
    set(sid, { kind: 'refused', why: 'price_above_max', atMs: performance.now(), maxPrice });
}

function set(sid: string, next: Purchase): void {
  const purchase = purchaseOf(sid);
  const news = describeNews(purchase.value, next);
  purchase.value = next;
  if (news) announcement.value = { sid, text: news };
  if (next.kind === 'none') setInterest(sid, undefined);
  else setInterest(sid, next.kind === 'order' && isActive(next.order) ? 'has' : 'watching');
}

/** Updates the card, the list of orders and the stored intent with an order that the API returned. */
export function takeOrder(order: Order, payment?: Payment): void {
  const { sid, orderNo, state } = order;
  const buyer = identity.value?.buyer;
  if (buyer === undefined) return;
  updateList(order);
  const { value: current } = purchaseOf(sid);
  const known = current.kind === 'order' ? current : undefined;
  // An earlier order does not replace the displayed one.
  if (known && known.order.orderNo !== orderNo && isActive(known.order) && !isActive(order)) return;
  const sameOrder = known?.order.orderNo === orderNo;
  const kept = sameOrder ? known.payment : 'none';
  const intent = intents.read(buyer, sid);
  const maxPrice = intent?.orderNo === orderNo ? intent.body.maxPrice : undefined;
  if (!isActive(order)) intents.end(buyer, sid, { orderNo });
  if (state === 'price_above_max' && maxPrice !== undefined) {
    void refusePrice(sid, maxPrice);
  } else if (
    state === 'sold_out' ||
    state === 'paused' ||
    state === 'not_open' ||
    state === 'closed' ||
    state === 'price_above_max' ||
    state === 'quantity_above_max' ||
    state === 'entry_required'
  ) {
    set(sid, { kind: 'refused', why: state, atMs: performance.now() });
  } else if (state === 'duplicate') {
    if (sameOrder) void showActiveOrder(order);
  } else {
    set(sid, { kind: 'order', order: sameOrder ? { ...known.order, ...order } : order, payment: payment ?? kept });
  }
  followOrder(order);
}

/** Replaces a duplicate with the order that the buyer already has. */
async function showActiveOrder({ sid, orderNo, activeOrderNo }: Order): Promise<void> {
  const { signal: ended } = life;
  set(sid, { kind: 'asking' });
  const active = await readOrder(activeOrderNo ?? orderNo).catch(() => null);
  if (ended.aborted) return;
  if (active && active.state !== 'duplicate') takeOrder(active);
  else set(sid, { kind: 'none' });
}

export async function payOrder(order: Order): Promise<void> {
  takeOrder(order, 'leaving');
  try {
    const { orderNo } = order;
    const returnUrl = `/?order=${encodeURIComponent(orderNo)}`;
    const { body } = await callAsBuyer<{ redirectUrl: string }>(`/orders/${orderNo}/payments`, {
      method: 'POST',
      body: { returnUrl },
    });
    location.assign(body.redirectUrl);
  } catch (error) {
    takeOrder(order, 'failed');
    if (error instanceof ApiError && error.code === 'wrong_state')
      await readOrder(order.orderNo).then(takeOrder, () => undefined);
  }
}

/** Resolves with whether the order is cancelled or has ended otherwise. */
export async function cancelOrder(order: Order): Promise<boolean> {
  const { orderNo } = order;
  try {
    const { body } = await callAsBuyer<OrderView>(`/orders/${orderNo}/cancel`, { method: 'POST' });
    takeOrder(toOrder(body));
    return true;
  } catch {
    const current = await readOrder(orderNo).catch(() => null);
    if (current) takeOrder(current);
    return current !== null && current.state !== 'awaiting_payment';
  }
}

/**
 * Reads the buyer's orders and completes the intents that were running when the page was left. `returnedFrom`: the order whose
 * payment page was just left. `isDeclined`: the gateway declined the payment.
 */
export async function resumePurchases(returnedFrom: string | null, isDeclined = false): Promise<void> {
  const buyer = identity.value?.buyer;
  if (buyer === undefined) return;
  const { signal: ended } = life;
  if (returnedFrom !== null) await returnFromPayment(returnedFrom, isDeclined, ended);
  await whenClockKnown();
  if (ended.aborted) return;
  const unfinished = unfinishedIntents(buyer);
  for (const intent of unfinished) {
    const { value: purchase } = purchaseOf(intent.sid);
    if (purchase.kind === 'order' && isActive(purchase.order)) continue;
    if (running.has(intent.sid)) continue;
    if (intent.isGivenUp) {
      void findOrder(intent, buyer, ended);
      continue;
    }
    set(intent.sid, { kind: 'asking' });
    void run(intent.sid, null);
  }
  // Orders from other devices are not urgent. The spread keeps all visitors of a sale from reading their orders at the same moment.
  if (performance.now() - readAtMs < ORDERS_AGAIN_MS) return;
  readAtMs = performance.now();
  if (unfinished.length === 0 && returnedFrom === null) await waitUnlessEnded(Math.random() * ORDERS_SPREAD_MS, ended);
  if (!ended.aborted) await takeOrders(ended);
}

/** Looks for the order of an intent that was given up. Without a click nothing is sent that may take a unit. */
async function findOrder({ sid, key }: StoredIntent, buyer: string, ended: AbortSignal): Promise<void> {
  if (purchaseOf(sid).value.kind === 'none') set(sid, { kind: 'given_up', uncertain: true });
  const order = findActiveOrder(await readOrdersOf(sid).catch(() => []));
  if (!order || ended.aborted || running.has(sid)) return;
  intents.update(buyer, sid, key, { orderNo: order.orderNo });
  takeOrder(order);
}

async function takeOrders(ended: AbortSignal): Promise<void> {
  const orders = (await readOrders().catch(() => null)) ?? [];
  if (ended.aborted) return;
  for (const sid of new Set(orders.map((order) => order.sid))) {
    const active = findActiveOrder(orders.filter((order) => order.sid === sid));
    if (active) takeOrder(active);
  }
}

async function returnFromPayment(orderNo: string, isDeclined: boolean, ended: AbortSignal): Promise<void> {
  const order = await readOrder(orderNo).catch(() => null);
  if (!order || ended.aborted) return;
  if (order.state !== 'awaiting_payment') {
    takeOrder(order);
    void followRefund(order, ended);
    return;
  }
  takeOrder(order, isDeclined ? 'declined' : 'back');
  setTimeout(() => {
    const { value: purchase } = purchaseOf(order.sid);
    if (purchase.kind === 'order' && purchase.order.orderNo === orderNo && purchase.payment === 'back')
      set(order.sid, { ...purchase, payment: 'late' });
  }, CONFIRMED_WITHIN_MS);
}

/** Follows an order that ended while its buyer was at the gateway: a late payment is shown until it is refunded. */
async function followRefund(order: Order, ended: AbortSignal): Promise<void> {
  const isOpen = ({ state, payments = [] }: Order) =>
    state !== 'paid' && payments.some((payment) => payment.state === 'started' || payment.state === 'refund_due');
  let current = order;
  for (let reads = 0; reads < REFUND_READS && isOpen(current); reads += 1) {
    await waitUnlessEnded(REFUND_READ_MS, ended);
    if (ended.aborted) return;
    current = await readOrder(order.orderNo).catch(() => current);
    if (!ended.aborted) takeOrder(current);
  }
}

/** The buyer has changed: forgets all purchases. */
export function forgetPurchases(): void {
  life.abort();
  life = new AbortController();
  running = new Set();
  readAtMs = Number.NEGATIVE_INFINITY;
  forgetOrders();
  for (const sid of purchases.keys()) set(sid, { kind: 'none' });
}

/** The page is visible again, after the back button or from another tab. */
export function refreshPurchases(): void {
  for (const purchase of purchases.values()) {
    const { value: current } = purchase;
    if (current.kind === 'order' && current.payment === 'leaving') purchase.value = { ...current, payment: 'none' };
  }
  void resumePurchases(null);
}

onFollowed((order) => takeOrder(order));

// A refused stock can be bought again when units return or the sale resumes.
onStock(({ sid, state }) => {
  const { value: purchase } = purchaseOf(sid);
  if (purchase.kind !== 'refused' || performance.now() - purchase.atMs < REFUSAL_COUNTS_MS) return;
  const { why } = purchase;
  const isOver = why === 'sold_out' || why === 'paused' || why === 'not_open' || why === 'closed';
  if (isOver && state !== 'sold_out') set(sid, { kind: 'none' });
});

// Another tab of the same buyer has changed an intent: read the new order, or the displayed order again.
addEventListener('storage', ({ key, newValue }) => {
  const name = readIntentName(key);
  if (!name || name.buyer !== identity.value?.buyer || running.has(name.sid)) return;
  const { value: purchase } = purchaseOf(name.sid);
  const orderNo = parseIntent(newValue)?.orderNo ?? (purchase.kind === 'order' ? purchase.order.orderNo : undefined);
  if (orderNo === undefined) return;
  const { signal: ended } = life;
  readOrder(orderNo).then(
    (order) => {
      if (!ended.aborted) takeOrder(order);
    },
    () => undefined,
  );
});
