import { type DecidedOrder, isMisfit, type Outcome } from '../db/decide-batch.ts';
import type { PendingOrder } from '../db/decide-orders.ts';
import { refuseOrder } from '../db/refuse-order.ts';
import type { Stock } from '../db/stock-table.ts';
import { type Clock, withDeadline } from '../proto/clock.ts';
import type { Fresh } from '../proto/keep-fresh.ts';
import { encodeOrderRecord } from '../proto/order-record.ts';
import type { OrderRecordToAppend } from './append-orders.ts';

export type OrderToPlace = {
  orderNo: string;
  sid: number;
  buyer: string;
  mintedAtMs: number;
  repeat: boolean;
  /** The buyer was told that an answer will come. */
  promised?: boolean;
};

export type Placed =
  | { placement: 'REFUSED_NO_SUCH_STOCK' | 'REFUSED_PAUSED' | 'REFUSED_CLOSED' | 'REFUSED_SOLD_OUT' | 'REFUSED_BUSY' }
  | { placement: 'REFUSED_NOT_OPEN'; opensAtMs: number }
  | { placement: 'APPENDED' | 'UNAVAILABLE' | 'REFUSED_MISFIT' }
  | { placement: 'DECIDED'; decided: DecidedOrder };

export type PlaceDependencies = {
  clock: Clock;
  readStock(sid: number): Fresh<Stock | null> | Promise<Fresh<Stock | null>>;
  /** About how many orders of this stock are on the log and not decided. */
  undecidedOf(sid: number): number;
  /** For each record, in the same sequence. True: the log has it. */
  appendOrders(records: OrderRecordToAppend[]): Promise<boolean[]>;
  decideDirectly(order: PendingOrder): Promise<Outcome>;
  /** Called with the size of each batch, for whoever counts. */
  onBatch?(orders: number): void;
};

/** Longest wait for a stock read, which must leave time for the append. */
const STOCK_DEADLINE_MS = 300;

// So many undecided orders of a stock are plenty to sell what is left. More would only wait, and be told "sold out" late.
const UNDECIDED_MIN = 2000;
const UNDECIDED_PER_UNIT = 20;

/**
 * The provider's part of the order path: refuses what cannot be sold, puts the rest on the log, and decides directly what the
 * log did not acknowledge. One answer per order, in the same sequence.
 */
export async function placeOrders(
  dependencies: PlaceDependencies,
  orders: OrderToPlace[],
  replyTo: string,
): Promise<Placed[]> {
  const { readStock, appendOrders, decideDirectly } = dependencies;
  dependencies.onBatch?.(orders.length);
  const sids = [...new Set(orders.map(({ sid }) => sid))];
  // A stock that cannot be read refuses nothing: the decision finds out.
  const reads = await Promise.all(
    sids.map(async (sid) => {
      const read = withDeadline(dependencies.clock, STOCK_DEADLINE_MS, 'stock', readStock(sid));
      return [sid, await read.catch(() => null)] as const;
    }),
  );
  const stocks = new Map(reads);
  const placed = orders.map((order) => refuse(dependencies, stocks.get(order.sid) ?? null, order));
  const open = orders.filter((_, i) => placed[i] === null);
  if (open.length === 0) return placed as Placed[];

  const records = open.map((order) => ({ sid: order.sid, value: encodeOrderRecord({ ...order, replyTo }) }));
  const appended = await appendOrders(records);
  const results = await Promise.all(
    open.map((order, i): Placed | Promise<Placed> =>
      appended[i] ? { placement: 'APPENDED' } : decide(decideDirectly, order),
    ),
  );
  let next = 0;
  return placed.map((refused) => refused ?? (results[next++] as Placed));
}

function refuse(
  dependencies: PlaceDependencies,
  fresh: Fresh<Stock | null> | null,
  order: OrderToPlace,
): Placed | null {
  if (!fresh) return null;
  const { value: stock } = fresh;
  // A ladder order is its own buyer. The ladder sells stocks made for it, and nobody else does.
  const byLadder = order.buyer === order.orderNo;
  if (stock && byLadder !== (stock.kind === 'ladder')) return { placement: 'REFUSED_NO_SUCH_STOCK' };
  const found = refuseOrder(fresh, order.repeat);
  // Taken while the sale was on: it gets its answer.
  const isTaken = order.promised && (found?.refused === 'CLOSED' || found?.refused === 'PAUSED');
  const refusal = isTaken ? null : found;
  if (refusal?.refused === 'NOT_OPEN') return { placement: 'REFUSED_NOT_OPEN', opensAtMs: refusal.opensAtMs };
  if (refusal) return { placement: `REFUSED_${refusal.refused}` };
  const left = stock ? stock.count - stock.sale : 0;
  const most = Math.max(UNDECIDED_MIN, UNDECIDED_PER_UNIT * left);
  return !order.repeat && dependencies.undecidedOf(order.sid) > most ? { placement: 'REFUSED_BUSY' } : null;
}

async function decide(decideDirectly: PlaceDependencies['decideDirectly'], order: OrderToPlace): Promise<Placed> {
  try {
    const outcome = await decideDirectly({ ...order, partition: null, offset: null });
    return isMisfit(outcome) ? { placement: 'REFUSED_MISFIT' } : { placement: 'DECIDED', decided: outcome };
  } catch {
    return { placement: 'UNAVAILABLE' };
  }
}
