import { ORDER_STATES } from '../../db/orders/order-states.ts';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { encodeEvent } from '../http/event-hub.ts';
import type { OrderClient } from '../orders/order-client.ts';
import { orderView, unreadOrderView } from '../orders/order-view.ts';

const READ_EVERY_MS = 1000;
// No event follows these. A refund after payment is visible by GET.
const LAST_STATES = new Set<string>(ORDER_STATES.filter((state) => state !== 'awaiting_payment'));

export type WatchedOrder = { orderNo: string; sid: number; buyer: string };
export type OrderEvent = { bytes: Buffer; isLast: boolean };
type Listener = (event: OrderEvent) => void;

export type OrderWatch = {
  /** Calls `listener` for every state of the order after `state`, until the returned function is called. */
  join(order: WatchedOrder, state: string, listener: Listener): () => void;
  watched(): number;
  close(): void;
};

const NOTHING_FOLLOWS: OrderEvent = { bytes: Buffer.alloc(0), isLast: true };

type Watched = { order: WatchedOrder; state: string; listeners: Set<Listener> };

/** Watches the orders that have listeners: reads all of them once a second, and an order at once when its decision is delivered. */
export function startOrderWatch(client: Pick<OrderClient, 'getOrder' | 'onPoll' | 'onDecision'>): OrderWatch {
  const orders = new Map<string, Watched>();
  let isReading = false;
  const timer = setInterval(() => void readAll(), READ_EVERY_MS);
  const unsubscribe = client.onDecision(({ orderNo }) => {
    const watched = orders.get(orderNo);
    if (watched) void read(watched).catch(() => undefined);
  });

  async function readAll(): Promise<void> {
    if (isReading) return;
    isReading = true;
    // Reads that start in one turn of the event loop are combined into calls of up to 1,000 orders.
    await Promise.allSettled([...orders.values()].map(read));
    isReading = false;
  }

  async function read(watched: Watched): Promise<void> {
    const { orderNo, sid, buyer } = watched.order;
    const order = await client.getOrder(orderNo);
    if (order === null) {
      // This order is never decided: end the stream. The client reconnects and gets 404.
      if (!(await client.onPoll(orderNo, sid, buyer))) notify(watched, NOTHING_FOLLOWS);
      return;
    }
    if (order.state === watched.state) return;
    watched.state = order.state;
    notify(watched, orderEvent(watched.order, order));
  }

  return {
    join(order, state, listener) {
      const key = order.orderNo;
      const known = orders.get(key);
      const watched = known ?? { order, state, listeners: new Set() };
      // The new listener knows another state. Clearing the stored state makes the next read notify all listeners.
      if (known && known.state !== state) known.state = '';
      watched.listeners.add(listener);
      orders.set(key, watched);
      return () => {
        watched.listeners.delete(listener);
        if (watched.listeners.size === 0 && orders.get(key) === watched) orders.delete(key);
      };
    },
    watched: () => orders.size,
    close() {
      clearInterval(timer);
      unsubscribe();
      orders.clear();
    },
  };
}

function notify({ listeners }: Watched, event: OrderEvent): void {
  for (const listener of listeners) listener(event);
}

/** The event of an order as it is now; null: it is not decided yet. Its id is the state. */
export function orderEvent({ orderNo, sid }: WatchedOrder, order: Order | null): OrderEvent {
  const state = order?.state ?? 'pending';
  const view = order ? orderView(order) : unreadOrderView({ orderNo, sid });
  return { bytes: encodeEvent('order', state, view), isLast: isLastState(state) };
}

export function isLastState(state: string): boolean {
  return LAST_STATES.has(state);
}
