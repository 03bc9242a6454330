/** When this consumer received an order's decision, and the worker that published it, null where no worker did. */
export type Delivery = { atMs: number; worker: string | null };

export type DeliveryMemory = {
  /** Only the first call for an order counts. */
  note(orderNo: string, worker: string | null): void;
  find(orderNo: string): Delivery | null;
};

const KEPT = 10_000;

/** Keeps between 10,000 and 20,000 deliveries: the older half is dropped at once, which costs nothing per order. */
export function createDeliveryMemory(nowMs: () => number = Date.now, kept = KEPT): DeliveryMemory {
  let recent = new Map<string, Delivery>();
  let older = new Map<string, Delivery>();
  return {
    note(orderNo, worker) {
      if (recent.has(orderNo) || older.has(orderNo)) return;
      if (recent.size >= kept) {
        older = recent;
        recent = new Map();
      }
      recent.set(orderNo, { atMs: nowMs(), worker });
    },
    find: (orderNo) => recent.get(orderNo) ?? older.get(orderNo) ?? null,
  };
}
