import type { OrderView } from '../../../orders/order-view.ts';
import { serverNowMs } from '../../server-clock.ts';
import { ORDER_RANK, streams } from '../parts/streams.ts';
import { addressOf } from './intents.ts';
import { readOrder } from './my-orders.ts';
import { type Order, toOrder } from './order.ts';

// Follows orders that have not ended: the latest by its event stream; the others, and the latest while its stream is lost, by polling.

type Followed = { order: Order; pollAtMs: number };

const CHECK_EVERY_MS = 500;
const POLL_PENDING_MS = 1500;
const POLL_UNPAID_MS = 15_000;
// The worker expires unpaid orders once a second.
const AFTER_END_MS = 1500;

const followed = new Map<string, Followed>();
let timer: ReturnType<typeof setInterval> | undefined;
let notify: (order: Order) => void = () => {};

export function onFollowed(listener: (order: Order) => void): void {
  notify = listener;
}

/** Follows an order until it is paid or has ended. */
export function followOrder(order: Order): void {
  followed.delete(order.orderNo);
  // The last entry is the latest order; it gets the stream.
  if (order.state === 'pending' || order.state === 'awaiting_payment')
    followed.set(order.orderNo, { order, pollAtMs: performance.now() + pollAfterMs(order) });
  chooseStream();
}

export function wakeOrders(): void {
  clearInterval(timer);
  timer = setInterval(pollDueOrders, CHECK_EVERY_MS);
  pollSoon();
  chooseStream();
}

export function restOrders(): void {
  clearInterval(timer);
  timer = undefined;
}

export function forgetOrders(): void {
  followed.clear();
  chooseStream();
}

function pollAfterMs({ state, payBy }: Order): number {
  // A new order has no payBy yet.
  if (state === 'pending' || payBy === undefined) return POLL_PENDING_MS;
  const leftMs = payBy ? Date.parse(payBy) - serverNowMs() : Number.POSITIVE_INFINITY;
  return Math.max(AFTER_END_MS, Math.min(POLL_UNPAID_MS, leftMs + AFTER_END_MS));
}

function pollDueOrders(): void {
  const nowMs = performance.now();
  for (const [orderNo, entry] of followed) {
    if (entry.pollAtMs > nowMs || streams.isOpen(streamOf(orderNo))) continue;
    entry.pollAtMs = nowMs + pollAfterMs(entry.order);
    void readOrder(orderNo).then(
      (order) => takeOrder(order, orderNo),
      () => undefined,
    );
  }
}

/** A duplicate (`requested`) is answered with the order that the buyer already has. */
function takeOrder(order: Order, requested = order.orderNo): void {
  const entry = followed.get(requested);
  if (!entry) return;
  const { orderNo } = order;
  entry.order = orderNo === requested ? order : { ...entry.order, state: 'duplicate', activeOrderNo: orderNo };
  notify(entry.order);
}

function chooseStream(): void {
  const orderNo = timer === undefined ? undefined : [...followed.keys()].at(-1);
  streams.request('orders', orderNo === undefined ? [] : [{ path: streamOf(orderNo), rank: ORDER_RANK }]);
}

function streamOf(orderNo: string): string {
  return `${addressOf(orderNo)}/events`;
}

function pollSoon(): void {
  for (const entry of followed.values()) entry.pollAtMs = 0;
}

streams.onEvent((event, data) => {
  if (event === 'order') takeOrder(toOrder(data as OrderView));
});
streams.onLost(pollSoon);
