import { type DecidedOrder, isMisfit, type Outcome } from '../db/decide-batch.ts';
import type { PendingOrder } from '../db/decide-orders.ts';
import { databaseNowMs } from '../db/stock-cache.ts';
import type { Stock } from '../db/stock-table.ts';
import type { Fresh } from '../proto/keep-fresh.ts';
import { encodeOrderRecord } from '../proto/order-record.ts';

export type OrderToPlace = { orderNo: string; sid: number; buyer: string; mintedAtMs: number; repeat: boolean };

export type Refusal =
  | { placement: 'REFUSED_NO_SUCH_STOCK' | 'REFUSED_PAUSED' | 'REFUSED_CLOSED' | 'REFUSED_SOLD_OUT' | 'REFUSED_BUSY' }
  | { placement: 'REFUSED_NOT_OPEN'; opensAtMs: number };

export type Placed =
  | Refusal
  | { placement: 'APPENDED' | 'UNAVAILABLE' | 'REFUSED_MISFIT' }
  | { placement: 'DECIDED'; decided: DecidedOrder };

export type PlaceDependencies = {
  readStock(sid: number): Promise<Fresh<Stock | null>>;
  /** True: the log has them. */
  appendOrders(partition: number, records: { key: string; value: Buffer }[]): Promise<boolean>;
  decideDirectly(order: PendingOrder): Promise<Outcome>;
};

/**
 * The provider's part of the order path: refuses what cannot be sold, puts the rest on the log in one append, and decides it
 * directly when the log did not acknowledge it. One answer per order, in the same sequence.
 */
export async function placeOrders(
  { readStock, appendOrders, decideDirectly }: PlaceDependencies,
  partition: number,
  orders: OrderToPlace[],
  replyTo: string,
): Promise<Placed[]> {
  const placed = await Promise.all(orders.map((order) => refuse(readStock, order)));
  const open = orders.filter((_, i) => placed[i] === null);
  if (open.length > 0) {
    const records = open.map((order) => ({
      key: String(order.sid),
      value: encodeOrderRecord({ ...order, replyTo }),
    }));
    const appended = await appendOrders(partition, records);
    const results = appended
      ? open.map((): Placed => ({ placement: 'APPENDED' }))
      : await Promise.all(open.map((order) => decide(decideDirectly, order)));
    let next = 0;
    for (let i = 0; i < placed.length; i += 1) placed[i] ??= results[next++] ?? null;
  }
  return placed as Placed[];
}

/** Why an order must not go on the log, or null. When the stock cannot be read, the decision finds out. */
async function refuse(readStock: PlaceDependencies['readStock'], order: OrderToPlace): Promise<Placed | null> {
  const fresh = await readStock(order.sid).catch(() => undefined);
  if (!fresh) return null;
  // A ladder order is its own buyer. The ladder sells stocks made for it, and nobody else does.
  const byLadder = order.buyer === order.orderNo;
  if (fresh.value && byLadder !== (fresh.value.kind === 'ladder')) return { placement: 'REFUSED_NO_SUCH_STOCK' };
  return refusalFor(fresh, order.repeat);
}

/** A repeat may have been on the log before the stock was sold out, so that is no reason to refuse it. */
export function refusalFor({ value: stock, freshForMs }: Fresh<Stock | null>, repeat: boolean): Refusal | null {
  if (!stock) return { placement: 'REFUSED_NO_SUCH_STOCK' };
  const nowMs = databaseNowMs({ value: stock, freshForMs });
  if (stock.opensAtMs !== null && nowMs < stock.opensAtMs) {
    return { placement: 'REFUSED_NOT_OPEN', opensAtMs: stock.opensAtMs };
  }
  if (stock.closesAtMs !== null && nowMs >= stock.closesAtMs) return { placement: 'REFUSED_CLOSED' };
  if (stock.paused) return { placement: 'REFUSED_PAUSED' };
  if (stock.sale >= stock.count && !repeat) return { placement: 'REFUSED_SOLD_OUT' };
  return null;
}

async function decide(decideDirectly: PlaceDependencies['decideDirectly'], order: OrderToPlace): Promise<Placed> {
  try {
    const outcome = await decideDirectly({ ...order, partition: null, offset: null });
    return isMisfit(outcome) ? { placement: 'REFUSED_MISFIT' } : { placement: 'DECIDED', decided: outcome };
  } catch {
    return { placement: 'UNAVAILABLE' };
  }
}
