import type { DecidedOrder } from '../../db/orders/decide-batch.ts';

/** Those who wait for a decision, by order number. Registered before the order is sent, so that no answer can come too early. */
export type DecisionWaiters = {
  /** False when so many wait already that this one cannot. `hear` is called once at most, never after `leave`. */
  join(orderNo: string, hear: (decided: DecidedOrder) => void): boolean;
  leave(orderNo: string, hear: (decided: DecidedOrder) => void): void;
  /** Whether somebody waits for this number here. */
  isAwaited(orderNo: string): boolean;
  /** A committed decision: everybody who waits for it hears it. */
  tell(decided: DecidedOrder): void;
  waiting(): number;
};

export function createDecisionWaiters(maxWaiting: number): DecisionWaiters {
  const waiters = new Map<string, Set<(decided: DecidedOrder) => void>>();
  let waiting = 0;

  return {
    join(orderNo, hear) {
      if (waiting >= maxWaiting) return false;
      const group = waiters.get(orderNo);
      if (group) group.add(hear);
      else waiters.set(orderNo, new Set([hear]));
      waiting += 1;
      return true;
    },
    leave(orderNo, hear) {
      const group = waiters.get(orderNo);
      if (!group?.delete(hear)) return;
      waiting -= 1;
      if (group.size === 0) waiters.delete(orderNo);
    },
    isAwaited: (orderNo) => waiters.has(orderNo),
    tell(decided) {
      const group = waiters.get(decided.orderNo);
      if (!group) return;
      waiters.delete(decided.orderNo);
      waiting -= group.size;
      for (const hear of group) hear(decided);
    },
    waiting: () => waiting,
  };
}
