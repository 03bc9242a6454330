import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import type { Clock } from '../../proto/process/clock.ts';

export type PlacedOrderNo = {
  orderNo: string;
  sid: number;
  buyer: string;
  mintedAtMs: number;
  takesNoUnit: boolean;
  /** With takesNoUnit: the sale was closed when the order was taken. */
  metClosed?: boolean;
  /** In the currency's smallest unit; absent: any. */
  maxPriceCents?: number;
  /** The stamp that it was sent under first; 0 or absent: not known. */
  stampMs?: number;
};

export type PendingOrdersOptions = {
  clock: Clock;
  /** Decisions by number; null while undecided. */
  readDecision(orderNo: string): Promise<DecidedOrder | null>;
  /** Sends an order on its way once more, as a repeat. */
  placeAgain(order: PlacedOrderNo): Promise<Resent>;
  tell(decided: DecidedOrder): void;
  /** Most numbers kept. Beyond it the oldest is let go: a poll of it still brings it back. */
  maxKept: number;
};

/** What became of a resend. `refused`: it can never be decided; `decided`: at once, without the log. */
export type Resent = { refused: boolean; decided: DecidedOrder | null };

const LOOK_EVERY_MS = 1000;
const FIRST_PATIENCE_MS = 5000;
const MAX_PATIENCE_MS = 60_000;
const MAX_LOOKS = 1000;
/** Some 25 minutes. A poll of the number brings it back. */
const MAX_RESENDS = 30;

type Kept = PlacedOrderNo & { dueAtMs: number; lingerMs: number; resends: number };

/**
 * Keeps the numbers this consumer has sent until it hears of their decision. One that is still undecided after 5 s is appended
 * again, and then after twice as long each time, so that an order that fell out anywhere gets its one answer and a slow worker is
 * not buried. One that a provider refuses for good is not sent again.
 */
export function createPendingOrders({ clock, readDecision, placeAgain, tell, maxKept }: PendingOrdersOptions) {
  const kept = new Map<string, Kept>();
  let closed = false;

  async function look(): Promise<void> {
    const nowMs = clock.nowMs();
    const due: Kept[] = [];
    for (const entry of kept.values()) {
      if (entry.dueAtMs <= nowMs && due.push(entry) >= MAX_LOOKS) break;
    }
    await Promise.allSettled(due.map(lookAt));
  }

  async function lookAt(entry: Kept): Promise<void> {
    // Due again later whatever comes of this.
    entry.lingerMs = Math.min(entry.lingerMs * 2, MAX_PATIENCE_MS);
    entry.dueAtMs = clock.nowMs() + entry.lingerMs;
    const decided = await readDecision(entry.orderNo);
    if (decided) {
      kept.delete(entry.orderNo);
      tell(decided);
      return;
    }
    entry.resends += 1;
    const resent = await placeAgain(entry);
    if (resent.decided) tell(resent.decided);
    if (resent.refused || resent.decided || entry.resends >= MAX_RESENDS) kept.delete(entry.orderNo);
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
      const lingerMs = FIRST_PATIENCE_MS;
      const entry = { ...order, dueAtMs: clock.nowMs() + lingerMs, lingerMs, resends: 0 };
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

export type PendingOrders = ReturnType<typeof createPendingOrders>;
