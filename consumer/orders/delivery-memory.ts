/** When this consumer heard of an order's decision, and from which worker, where it was one. */
export type Delivery = { atMs: number; toldBy: string | null };

export type DeliveryMemory = {
  /** The first time counts. */
  note(orderNo: string, toldBy: string | null): void;
  find(orderNo: string): Delivery | null;
};

const KEPT = 10_000;

/** Keeps the last 10,000 at least, and twice as many at most: the older half is let go at once, which costs no order anything. */
export function createDeliveryMemory(nowMs: () => number = Date.now, kept = KEPT): DeliveryMemory {
  let recent = new Map<string, Delivery>();
  let older = new Map<string, Delivery>();
  return {
    note(orderNo, toldBy) {
      if (recent.has(orderNo) || older.has(orderNo)) return;
      if (recent.size >= kept) {
        older = recent;
        recent = new Map();
      }
      recent.set(orderNo, { atMs: nowMs(), toldBy });
    },
    find: (orderNo) => recent.get(orderNo) ?? older.get(orderNo) ?? null,
  };
}
