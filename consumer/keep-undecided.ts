import type { DecidedOrder } from '../db/decide-batch.ts';
import type { Clock } from '../proto/clock.ts';

export type PlacedOrderNo = { orderNo: string; sid: number; buyer: string; mintedAtMs: number };

export type UndecidedOptions = {
  clock: Clock;
  /** Decisions by number; null while undecided. */
  readDecision(orderNo: string): Promise<DecidedOrder | null>;
  /** Sends an order on its way once more, as a repeat. */
  placeAgain(order: PlacedOrderNo): Promise<unknown>;
  tell(decided: DecidedOrder): void;
  /** Most numbers kept. Beyond it the oldest is let go: a poll of it still brings it back. */
  maxKept: number;
};

const LOOK_EVERY_MS = 1000;
const FIRST_PATIENCE_MS = 5000;
const MAX_PATIENCE_MS = 60_000;
const LOOK_AT_MOST = 1000;

type Kept = PlacedOrderNo & { dueAtMs: number; patienceMs: number };

/**
 * Keeps the numbers this consumer has sent until it hears of their decision. One that is still undecided after 5 s is appended
 * again, and then after twice as long each time, so that an order that fell out anywhere gets its one answer and a slow worker is
 * not buried.
 */
export function keepUndecided({ clock, readDecision, placeAgain, tell, maxKept }: UndecidedOptions) {
  const kept = new Map<string, Kept>();
  let closed = false;

  async function look(): Promise<void> {
    const nowMs = clock.nowMs();
    const due: Kept[] = [];
    for (const entry of kept.values()) {
      if (entry.dueAtMs <= nowMs && due.push(entry) >= LOOK_AT_MOST) break;
    }
    await Promise.allSettled(due.map(lookAt));
  }

  async function lookAt(entry: Kept): Promise<void> {
    // Due again later whatever comes of this.
    entry.patienceMs = Math.min(entry.patienceMs * 2, MAX_PATIENCE_MS);
    entry.dueAtMs = clock.nowMs() + entry.patienceMs;
    const decided = await readDecision(entry.orderNo);
    if (decided) {
      kept.delete(entry.orderNo);
      tell(decided);
    } else {
      await placeAgain(entry);
    }
  }

  let cancelTimer = (): void => undefined;
  function lookLater(): void {
    cancelTimer = clock.setTimer(LOOK_EVERY_MS, async () => {
      if (kept.size > 0) await look();
      if (!closed) lookLater();
    });
  }
  lookLater();

  return {
    /** After the log has acknowledged it. */
    keep(order: PlacedOrderNo): void {
      const entry = { ...order, dueAtMs: clock.nowMs() + FIRST_PATIENCE_MS, patienceMs: FIRST_PATIENCE_MS };
      kept.delete(order.orderNo);
      kept.set(order.orderNo, entry);
      const [oldest] = kept.keys();
      if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest);
    },
    /** Its decision is known. */
    forget(orderNo: string): void {
      kept.delete(orderNo);
    },
    isKept: (orderNo: string) => kept.has(orderNo),
    size: () => kept.size,
    close(): void {
      closed = true;
      cancelTimer();
    },
  };
}

export type UndecidedOrders = ReturnType<typeof keepUndecided>;
