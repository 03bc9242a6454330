import { signal } from '@preact/signals';
import type { OrderView } from '../../../orders/order-view.ts';
import { type Answer, ApiError, type Call, callApi } from '../../call-api.ts';
import { identity, replaceToken } from '../../identity.ts';
import { addressOf } from './intents.ts';
import { type Order, toOrder } from './order.ts';

// API calls with the buyer's token, and the list of the buyer's orders.

type OrderPage = { orders: Order[]; nextCursor: string | null };
export type OrderList = OrderPage & { state: 'loading' | 'ready' | 'lost' };

const EMPTY: OrderList = { orders: [], nextCursor: null, state: 'loading' };

export const orderList = signal<OrderList>(EMPTY);

/** Calls the API with the buyer's token. If it is refused, tries once more with a new one. */
export async function callAsBuyer<T>(path: string, call: Call = {}): Promise<Answer<T>> {
  const current = identity.value;
  if (!current) throw new ApiError('unauthorized', 401, {});
  try {
    return await callApi<T>(path, { ...call, token: current.token });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    const renewed = await replaceToken('buyer', current);
    if (!renewed) throw error;
    return callApi<T>(path, { ...call, token: renewed.token });
  }
}

export async function readOrder(orderNo: string): Promise<Order> {
  const order = toOrder((await callAsBuyer<OrderView>(addressOf(orderNo))).body);
  // A duplicate names the order that the buyer already has.
  return order.state === 'duplicate' && order.activeOrderNo ? readOrder(order.activeOrderNo) : order;
}

export async function readOrdersOf(sid: string): Promise<Order[]> {
  const { body } = await callAsBuyer<OrderPage>(`/orders?sid=${sid}`);
  return body.orders;
}

/** Reads the first page again. */
export async function readOrders(): Promise<Order[]> {
  try {
    const { body } = await callAsBuyer<OrderPage>('/orders');
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
    const { body } = await callAsBuyer<OrderPage>(`/orders?cursor=${encodeURIComponent(nextCursor)}`);
    const known = new Set(orders.map(({ orderNo }) => orderNo));
    const added = body.orders.filter(({ orderNo }) => !known.has(orderNo));
    orderList.value = { orders: [...orders, ...added], nextCursor: body.nextCursor, state: 'ready' };
  } catch {
    orderList.value = { ...orderList.value, state: 'lost' };
  }
}

/** Adds an order to the list, or updates it there. */
export function updateList(order: Order): void {
  const { orders } = orderList.value;
  const at = orders.findIndex(({ orderNo }) => orderNo === order.orderNo);
  const next = at < 0 ? [order, ...orders] : orders.with(at, { ...orders[at], ...order });
  orderList.value = { ...orderList.value, orders: next };
}

export function forgetList(): void {
  orderList.value = EMPTY;
}
