import type { Order } from './api-types.ts';
import type { Answer, Caller } from './caller.ts';
import type { FlashSaleError } from './flash-sale-error.ts';
import { readEvents } from './read-events.ts';
import { wait } from './wait.ts';

const POLL_MS = 1000;
const ACTIVE = ['pending', 'awaiting_payment', 'paid'];

export type OrderReader = ReturnType<typeof createOrderReader>;

/** Whether the order holds units or may still get them. */
export function isActive({ state }: Order): boolean {
  return ACTIVE.includes(state);
}

export function createOrderReader({ call, open }: Caller) {
  const pathOf = (orderNo: string) => `/orders/${encodeURIComponent(orderNo)}`;
  const read = (orderNo: string, signal?: AbortSignal): Promise<Answer<Order>> => call(pathOf(orderNo), { signal });

  /** Calls `listener` with each state of the order, until the returned function is called or no event follows. */
  function watch(orderNo: string, listener: (order: Order) => void, onState?: (isOpen: boolean) => void): () => void {
    return readEvents({
      open: (headers, signal) => open(`${pathOf(orderNo)}/events`, { headers, signal }),
      onEvent: (event, data) => event === 'order' && listener(data as Order),
      onState: (state) => onState?.(state === 'open'),
    });
  }

  return {
    pathOf,
    read,
    watch,
    /**
     * Resolves with the order when it is decided: by its stream, and by polling while there is none. After `withinMs`, resolves with the
     * pending order; null: the API does not know it.
     */
    async follow(order: Order, withinMs: number, signal?: AbortSignal): Promise<Order | null> {
      const { orderNo } = order;
      const untilMs = performance.now() + withinMs;
      const life = new AbortController();
      const end = () => life.abort(signal?.reason);
      signal?.addEventListener('abort', end);
      let latest = order;
      let isOpen = false;
      const stop = watch(
        orderNo,
        (next) => {
          latest = next;
          if (next.state !== 'pending') life.abort();
        },
        (state) => {
          isOpen = state;
        },
      );
      try {
        while (latest.state === 'pending' && performance.now() < untilMs) {
          // The spread keeps buyers who were answered together from polling together.
          await wait(POLL_MS * (1 + Math.random() / 2), life.signal).catch(() => undefined);
          signal?.throwIfAborted();
          if (latest.state !== 'pending' || isOpen) continue;
          try {
            latest = (await read(orderNo, signal)).body;
          } catch (error) {
            signal?.throwIfAborted();
            if ((error as FlashSaleError).status === 404) return null;
          }
        }
        return latest;
      } finally {
        stop();
        signal?.removeEventListener('abort', end);
      }
    },
  };
}
