import type { DecidedOrder } from '../../db/orders/decide-batch.ts';

type Listener = (decided: DecidedOrder) => void;

/** Requests that wait for a decision, by order number. Each joins before its order is sent, so that no decision comes too early. */
export type DecisionWaiters = {
  /** False when too many requests wait. `listener` is called at most once, never after `leave`. */
  join(orderNo: string, listener: Listener): boolean;
  leave(orderNo: string, listener: Listener): void;
  /** Whether a request waits for this number. */
  isAwaited(orderNo: string): boolean;
  /** Passes a committed decision to all requests that wait for it. */
  deliver(decided: DecidedOrder): void;
  waiting(): number;
};

export function createDecisionWaiters(maxWaiting: number): DecisionWaiters {
  const waiters = new Map<string, Set<Listener>>();
  let waiting = 0;

  return {
    join(orderNo, listener) {
      if (waiting >= maxWaiting) return false;
      const group = waiters.get(orderNo);
      if (group) group.add(listener);
      else waiters.set(orderNo, new Set([listener]));
      waiting += 1;
      return true;
    },
    leave(orderNo, listener) {
      const group = waiters.get(orderNo);
      if (!group?.delete(listener)) return;
      waiting -= 1;
      if (group.size === 0) waiters.delete(orderNo);
    },
    isAwaited: (orderNo) => waiters.has(orderNo),
    deliver(decided) {
      const group = waiters.get(decided.orderNo);
      if (!group) return;
      waiters.delete(decided.orderNo);
      waiting -= group.size;
      for (const listener of group) listener(decided);
    },
    waiting: () => waiting,
  };
}
