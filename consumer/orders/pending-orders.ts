import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import type { Clock } from '../../proto/process/clock.ts';

/**
 * States of an order number that this consumer has sent:
 *
 * - PENDING: not decided as far as is known; checked, and sent again, at growing intervals.
 * - DECIDED: a decision was delivered, read or answered. Leaves the store.
 * - REFUSED: a provider says that it can never be decided. Leaves the store.
 * - ABANDONED: sent again MAX_RESENDS times, about 25 minutes. Leaves the store; a poll of the number brings it back.
 */
type PendingState = 'PENDING' | 'DECIDED' | 'REFUSED' | 'ABANDONED';

export type ResendResult = { state: 'PENDING' | 'REFUSED' } | { state: 'DECIDED'; decided: DecidedOrder };

export type PlacedOrderNo = {
  orderNo: string;
  sid: number;
  buyer: string;
  mintedAtMs: number;
  takesNoUnit: boolean;
  /** With takesNoUnit: the sale was closed when the order arrived. */
  metClosed?: boolean;
  /** In the currency's smallest unit; absent: any. */
  maxPriceCents?: number;
  /** Units. Absent: 1. */
  quantity?: number;
  /** The shop's. Absent: none. */
  reference?: string;
  /** The shop's: a JSON object of texts. Absent: none. */
  metadata?: string;
  /** The stamp of its first sending; 0 or absent: not known. */
  stampMs?: number;
};

export type PendingOrdersOptions = {
  clock: Clock;
  /** The decision of the number; null while it has no row. */
  readDecision(orderNo: string): Promise<DecidedOrder | null>;
  resend(order: PlacedOrderNo): Promise<ResendResult>;
  onDecision(decided: DecidedOrder): void;
  /** Maximum number of orders kept. Beyond it the oldest is dropped: a poll of it brings it back. */
  maxKept: number;
};

const CHECK_EVERY_MS = 1000;
const MAX_CHECKS = 1000;
const FIRST_DELAY_MS = 5000;
const MAX_DELAY_MS = 60_000;
const MAX_RESENDS = 30;

type Entry = PlacedOrderNo & { sinceMs: number; dueAtMs: number; delayMs: number; resends: number };

/**
 * Keeps the orders that this consumer has sent until their decisions are known. An order without a decision is sent again after 5 s, and
 * then after twice as long each time, so that an order that is lost anywhere gets its one answer and a slow worker is not overloaded.
 */
export function startPendingOrders(options: PendingOrdersOptions) {
  const { clock, readDecision, resend, onDecision, maxKept } = options;
  const kept = new Map<string, Entry>();
  let closed = false;

  async function checkDue(): Promise<void> {
    const nowMs = clock.nowMs();
    const due: Entry[] = [];
    for (const entry of kept.values()) {
      if (entry.dueAtMs <= nowMs && due.push(entry) >= MAX_CHECKS) break;
    }
    await Promise.allSettled(due.map(check));
  }

  async function check(entry: Entry): Promise<void> {
    // Before the calls: a check that fails is repeated too.
    entry.delayMs = Math.min(entry.delayMs * 2, MAX_DELAY_MS);
    entry.dueAtMs = clock.nowMs() + entry.delayMs;
    if ((await advance(entry)) !== 'PENDING') kept.delete(entry.orderNo);
  }

  /** Reads the row, and sends the order again where there is none. */
  async function advance(entry: Entry): Promise<PendingState> {
    const decided = await readDecision(entry.orderNo);
    if (decided) {
      onDecision(decided);
      return 'DECIDED';
    }
    entry.resends += 1;
    const resent = await resend(entry);
    if (resent.state === 'DECIDED') onDecision(resent.decided);
    return resent.state === 'PENDING' && entry.resends >= MAX_RESENDS ? 'ABANDONED' : resent.state;
  }

  let cancelTimer = (): void => undefined;
  function planCheck(): void {
    cancelTimer = clock.setTimer(CHECK_EVERY_MS, async () => {
      if (kept.size > 0) await checkDue();
      if (!closed) planCheck();
    });
  }
  planCheck();

  return {
    /** Adds a PENDING order, or starts its delays anew. */
    keep(order: PlacedOrderNo): void {
      const delayMs = FIRST_DELAY_MS;
      const nowMs = clock.nowMs();
      const sinceMs = kept.get(order.orderNo)?.sinceMs ?? nowMs;
      const entry = { ...order, sinceMs, dueAtMs: nowMs + delayMs, delayMs, resends: 0 };
      kept.delete(order.orderNo);
      kept.set(order.orderNo, entry);
      if (kept.size <= maxKept) return;
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    },
    forget(orderNo: string): void {
      kept.delete(orderNo);
    },
    isKept: (orderNo: string) => kept.has(orderNo),
    size: () => kept.size,
    /** Milliseconds since the oldest was kept for the first time; 0: none is kept. */
    oldestAgeMs(): number {
      const nowMs = clock.nowMs();
      let oldestMs = nowMs;
      for (const { sinceMs } of kept.values()) oldestMs = Math.min(oldestMs, sinceMs);
      return nowMs - oldestMs;
    },
    close(): void {
      closed = true;
      cancelTimer();
    },
  };
}

export type PendingOrders = ReturnType<typeof startPendingOrders>;
