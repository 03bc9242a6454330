import { signal } from '@preact/signals';
import { type Answer, ApiError, type Call, callApi } from '../../call-api.ts';
import { identity, signInAnew } from '../../identity.ts';
import { addressOf } from './intents.ts';
import type { Order } from './order.ts';

// Calls in a buyer's name, and the list of the buyer's orders.

export type OrderList = { orders: Order[]; nextCursor: string | null; state: 'loading' | 'ready' | 'lost' };

const EMPTY: OrderList = { orders: [], nextCursor: null, state: 'loading' };

export const orderList = signal<OrderList>(EMPTY);

/** A call with the buyer's token; with a new one, once, where that is not taken any more. */
export async function callAsBuyer<T>(path: string, call: Call = {}): Promise<Answer<T>> {
  const { value: one } = identity;
  if (!one) throw new ApiError('unauthorized', 401, {});
  try {
    return await callApi<T>(path, { ...call, token: one.token });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    const anew = await signInAnew('buyer', one);
    if (!anew) throw error;
    return callApi<T>(path, { ...call, token: anew.token });
  }
}

export async function readOrder(orderNo: string): Promise<Order> {
  const { body } = await callAsBuyer<Order>(addressOf(orderNo));
  // That of a repeated purchase leads to the order that the buyer has.
  return body.state === 'duplicate' && body.liveOrderNo ? readOrder(body.liveOrderNo) : body;
}

export async function readOrdersOf(sid: number): Promise<Order[]> {
  const { body } = await callAsBuyer<{ orders: Order[] }>(`/orders?sid=${sid}`);
  return body.orders;
}

/** The first page anew. */
export async function readOrders(): Promise<Order[]> {
  try {
    const { body } = await callAsBuyer<{ orders: Order[]; nextCursor: string | null }>('/orders');
    orderList.value = { ...body, state: 'ready' };
    return body.orders;
  } catch (error) {
    orderList.value = { ...orderList.value, state: 'lost' };
    throw error;
  }
}

export async function readMoreOrders(): Promise<void> {
  const { nextCursor, orders } = orderList.value;
  if (nextCursor === null) return;
  try {
    const path = `/orders?cursor=${encodeURIComponent(nextCursor)}`;
    const { body } = await callAsBuyer<{ orders: Order[]; nextCursor: string | null }>(path);
    const known = new Set(orders.map(({ orderNo }) => orderNo));
    const added = body.orders.filter(({ orderNo }) => !known.has(orderNo));
    orderList.value = { orders: [...orders, ...added], nextCursor: body.nextCursor, state: 'ready' };
  } catch {
    orderList.value = { ...orderList.value, state: 'lost' };
  }
}

/** Puts an order as it is now into the list. */
export function noteInList(order: Order): void {
  const { orders } = orderList.value;
  const at = orders.findIndex(({ orderNo }) => orderNo === order.orderNo);
  const next = at < 0 ? [order, ...orders] : orders.with(at, { ...orders[at], ...order });
  orderList.value = { ...orderList.value, orders: next };
}

export function forgetList(): void {
  orderList.value = EMPTY;
}
