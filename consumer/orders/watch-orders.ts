import { ORDER_STATES } from '../../db/orders/decide-batch.ts';
import type { Order } from '../../proto/gen/flashsale/v1/Order.ts';
import { encodeEvent } from '../events/event-hub.ts';
import type { OrderClient } from './order-client.ts';
import { orderView } from './order-view.ts';

const LOOK_EVERY_MS = 1000;
// Nothing comes after these. A refund after payment is told by GET.
const LAST_STATES = new Set<string>(ORDER_STATES.filter((state) => state !== 'awaiting_payment'));

export type WatchedOrder = { orderNo: string; sid: number; buyer: string };

export type OrderWatch = {
  /** Tells `hear` of every state the order comes to, from the one after `state` on. Returns how to leave. */
  join(order: WatchedOrder, state: string, hear: (event: OrderEvent) => void): () => void;
  watched(): number;
  close(): void;
};

export type OrderEvent = { bytes: Buffer; isLast: boolean };

const NOTHING_FOLLOWS: OrderEvent = { bytes: Buffer.alloc(0), isLast: true };

type Watched = { order: WatchedOrder; state: string; listeners: Set<(event: OrderEvent) => void> };

type Desk = Pick<OrderClient, 'getOrder' | 'onPoll' | 'onDecision'>;

/** Orders that somebody listens to. All are read once a second in as few calls as can be, and at once when a decision is told. */
export function watchOrders(desk: Desk): OrderWatch {
  const orders = new Map<string, Watched>();
  let looking = false;
  const timer = setInterval(() => void lookAtAll(), LOOK_EVERY_MS);
  const unsubscribe = desk.onDecision(({ orderNo }) => {
    const one = orders.get(orderNo);
    if (one) void look(one).catch(() => undefined);
  });

  async function lookAtAll(): Promise<void> {
    if (looking) return;
    looking = true;
    // Those of one turn of the event loop go as one call for each thousand.
    await Promise.allSettled([...orders.values()].map(look));
    looking = false;
  }

  async function look(one: Watched): Promise<void> {
    const { orderNo, sid, buyer } = one.order;
    const order = await desk.getOrder(orderNo);
    if (order === null) {
      // The stream ends without a state. The listener comes again and is answered that there is no such order.
      if (!(await desk.onPoll(orderNo, sid, buyer))) for (const hear of one.listeners) hear(NOTHING_FOLLOWS);
      return;
    }
    if (order.state === one.state) return;
    one.state = order.state;
    const event = orderEvent(one.order, order);
    for (const hear of one.listeners) hear(event);
  }

  return {
    join(order, state, hear) {
      const key = order.orderNo;
      const known = orders.get(key);
      // Who heard less than the others hear it again: all look anew.
      const one = known ?? { order, state, listeners: new Set() };
      if (known && known.state !== state) known.state = '';
      one.listeners.add(hear);
      orders.set(key, one);
      return () => {
        one.listeners.delete(hear);
        if (one.listeners.size === 0 && orders.get(key) === one) orders.delete(key);
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

/** The event of an order as it stands; null: it is not decided yet. Its id is the state. */
export function orderEvent({ orderNo, sid }: WatchedOrder, order: Order | null): OrderEvent {
  const state = order?.state ?? 'pending';
  const view = order ? orderView(order) : { orderNo, sid, state };
  return { bytes: encodeEvent('order', state, view), isLast: isLastState(state) };
}

export function isLastState(state: string): boolean {
  return LAST_STATES.has(state);
}
