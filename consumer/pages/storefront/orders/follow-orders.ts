import { serverNowMs } from '../../server-clock.ts';
import { ORDER_RANK, orderStream, streams } from '../parts/streams.ts';
import { readOrder } from './my-orders.ts';
import type { Order } from './order.ts';

// Orders that are not at their end: the latest by a stream, the others, and this one while its stream is lost, by asking.

type Followed = { order: Order; askAtMs: number };

const LOOK_EVERY_MS = 500;
const ASK_PENDING_MS = 1500;
const ASK_UNPAID_MS = 15_000;
// The worker ends what is unpaid once a second.
const AFTER_END_MS = 1500;

const followed = new Map<string, Followed>();
let timer: ReturnType<typeof setInterval> | undefined;
let hear: (order: Order) => void = () => {};

export function onFollowed(listener: (order: Order) => void): void {
  hear = listener;
}

/** Follows an order until it is paid or has ended. */
export function followOrder(order: Order): void {
  if (order.state !== 'pending' && order.state !== 'awaiting_payment') {
    followed.delete(order.orderNo);
  } else {
    followed.delete(order.orderNo);
    // The latest is last, and has the stream.
    followed.set(order.orderNo, { order, askAtMs: performance.now() + askAfterMs(order) });
  }
  chooseStream();
}

export function wakeOrders(): void {
  clearInterval(timer);
  timer = setInterval(askThoseDue, LOOK_EVERY_MS);
  for (const one of followed.values()) one.askAtMs = 0;
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

function askAfterMs({ state, payBy }: Order): number {
  // Of a new order only the number is known.
  if (state === 'pending' || payBy === undefined) return ASK_PENDING_MS;
  const leftMs = payBy ? Date.parse(payBy) - serverNowMs() : Number.POSITIVE_INFINITY;
  return Math.max(AFTER_END_MS, Math.min(ASK_UNPAID_MS, leftMs + AFTER_END_MS));
}

function askThoseDue(): void {
  const nowMs = performance.now();
  for (const [orderNo, one] of followed) {
    if (one.askAtMs > nowMs || streams.isOpen(orderStream(orderNo))) continue;
    one.askAtMs = nowMs + askAfterMs(one.order);
    void readOrder(orderNo).then(
      (order) => takeOrder(order, orderNo),
      () => undefined,
    );
  }
}

/** What was asked for as `asked` may be answered with another one: that of which it is a duplicate. */
function takeOrder(order: Order, asked = order.orderNo): void {
  const one = followed.get(asked);
  if (!one) return;
  const { orderNo } = order;
  one.order = orderNo === asked ? order : { ...one.order, state: 'duplicate', liveOrderNo: orderNo };
  hear(one.order);
}

function chooseStream(): void {
  const orderNo = timer === undefined ? undefined : [...followed.keys()].at(-1);
  streams.wish('orders', orderNo === undefined ? [] : [{ path: orderStream(orderNo), rank: ORDER_RANK }]);
}

streams.onEvent((event, data) => {
  if (event === 'order') takeOrder(data as Order);
});
streams.onLost(() => {
  for (const one of followed.values()) one.askAtMs = 0;
});
