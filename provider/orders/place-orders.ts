import { type DecidedOrder, isInvalidOrder, isLadderOrder, type Outcome } from '../../db/orders/decide-batch.ts';
import type { PendingOrder } from '../../db/orders/decide-orders.ts';
import { type Refusal, refuseOrder } from '../../db/orders/refuse-order.ts';
import { isClosedForGood } from '../../db/stocks/purge-rules.ts';
import { databaseNowMs } from '../../db/stocks/stock-cache.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import { encodeOrderRecord, type LoggedOrder } from '../../proto/messages/order-record.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import type { Fresh, FreshCache } from '../../proto/process/fresh-cache.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import type { SecretKey } from '../../proto/settings/secret-keys.ts';
import type { OrderRecordToAppend } from './order-appender.ts';

export type OrderToPlace = {
  orderNo: string;
  sid: number;
  buyer: string;
  mintedAtMs: number;
  /** The consumer has sent this number before, or a buyer polls it. */
  repeat: boolean;
  /** The buyer was told that an answer will come: nothing refuses the order in front of its decision. */
  promised?: boolean;
  /** It never takes a unit. A sold-out or closed stock does not refuse it in front of its decision. */
  takesNoUnit?: boolean;
  /** With takesNoUnit: the sale was closed when the consumer took the order. */
  metClosed?: boolean;
  /** In the currency's smallest unit; absent: any. */
  maxPriceCents?: number;
  /** The stamp that the number was sent under first; 0 or absent: not known. */
  stampMs?: number;
};

export type Placed =
  | { placement: 'REFUSED_NO_SUCH_STOCK' | 'REFUSED_PAUSED' | 'REFUSED_CLOSED' | 'REFUSED_SOLD_OUT' | 'REFUSED_BUSY' }
  | { placement: 'REFUSED_NOT_OPEN'; opensAtMs: number }
  | { placement: 'APPENDED' | 'UNAVAILABLE'; stampMs: number }
  | { placement: 'REFUSED_MISFIT' }
  | { placement: 'DECIDED'; decided: DecidedOrder };

export type PlaceDependencies = {
  clock: Clock;
  stocks: FreshCache<number, Stock | null>;
  /** Signs the records. */
  recordKey: SecretKey;
  /** About how many orders of this stock are on the log and not decided. */
  pendingOf(sid: number): number;
  /** For each record, in the same sequence. True: the log has it. */
  appendOrders(records: OrderRecordToAppend[]): Promise<boolean[]>;
  decideDirectly(order: PendingOrder): Promise<Outcome>;
  /** Called with the size of each batch, for whoever counts. */
  onBatch?(orders: number): void;
};

/** Maximum wait for a stock read, which must leave time for the append. */
const STOCK_DEADLINE_MS = deadlines.PROVIDER_STOCK_READ.ms;

// So many undecided orders of a stock are plenty to sell what is left. More would only wait, and be told "sold out" late.
const UNDECIDED_MIN = 2000;
const UNDECIDED_PER_UNIT = 20;

const MISFIT: Placed = { placement: 'REFUSED_MISFIT' };

type StockRead = Fresh<Stock | null>;
/** An order on its way to the log, and whether it may be decided without it. */
type OpenOrder = { order: LoggedOrder; mayDecideDirectly: boolean };

/**
 * The provider's part of the order path: refuses what cannot be sold, stamps the rest with a lower bound of the database's time, puts it
 * on the log, and decides directly what the log did not acknowledge. One answer per order, in the same sequence.
 */
export async function placeOrders(
  dependencies: PlaceDependencies,
  orders: OrderToPlace[],
  replyTo: string,
): Promise<Placed[]> {
  const { recordKey, appendOrders, decideDirectly } = dependencies;
  dependencies.onBatch?.(orders.length);
  const reads = await readStocks(dependencies, new Set(orders.map(({ sid }) => sid)));
  const placed = orders.map((order) => refuse(dependencies, reads.get(order.sid), order));
  const open = orders.filter((_, i) => placed[i] === null).map((order) => stamp(order, reads.get(order.sid), replyTo));
  if (open.length === 0) return placed as Placed[];

  const records = open.map(({ order }) => ({ sid: order.sid, value: encodeOrderRecord(order, recordKey) }));
  const appended = await appendOrders(records);
  const results = await Promise.all(
    open.map(async ({ order, mayDecideDirectly }, i): Promise<Placed> => {
      const stampMs = order.stampMs ?? 0;
      if (appended[i]) return { placement: 'APPENDED', stampMs };
      return mayDecideDirectly ? decide(decideDirectly, order) : { placement: 'UNAVAILABLE', stampMs };
    }),
  );
  let next = 0;
  return placed.map((refused) => refused ?? (results[next++] as Placed));
}

/** The stocks as they are now, or as they were last known. A stock that was never known is missing. */
async function readStocks({ clock, stocks }: PlaceDependencies, sids: Set<number>): Promise<Map<number, StockRead>> {
  const reads = new Map<number, StockRead>();
  await Promise.all(
    [...sids].map(async (sid) => {
      const read = await withDeadline(clock, STOCK_DEADLINE_MS, 'stock', stocks.read(sid)).catch(() =>
        stocks.lastKnown(sid),
      );
      if (read) reads.set(sid, read);
    }),
  );
  return reads;
}

function refuse(dependencies: PlaceDependencies, read: StockRead | undefined, order: OrderToPlace): Placed | null {
  const stock = read?.value;
  if (read?.value === null && read.freshForMs > 0) return { placement: 'REFUSED_NO_SUCH_STOCK' };
  // The ladder sells stocks made for it, and the ladder alone sells those.
  if (stock && isLadderOrder(order) !== (stock.kind === 'ladder')) return { placement: 'REFUSED_NO_SUCH_STOCK' };
  // Its buyer waits for a final answer, which only a decision is.
  if (order.promised) return isOver(read) ? MISFIT : null;
  if (order.takesNoUnit && isOver(read)) return { placement: 'REFUSED_CLOSED' };
  // Without a read there is no stamp, and the order could be judged by a later time than the one it came at.
  if (!read || !stock) return { placement: 'REFUSED_BUSY' };
  const refusal = refuseOrder(read);
  if (refusal?.refused === 'NOT_OPEN') return { placement: 'REFUSED_NOT_OPEN', opensAtMs: refusal.opensAtMs };
  if (refusal && !passesFilter(order, refusal.refused)) return { placement: `REFUSED_${refusal.refused}` };
  const maxPending = Math.max(UNDECIDED_MIN, UNDECIDED_PER_UNIT * (stock.count - stock.sale));
  return !order.repeat && dependencies.pendingOf(order.sid) > maxPending ? { placement: 'REFUSED_BUSY' } : null;
}

/** What is sent again may have been taken before the stock was sold out or, where it takes no unit, before it closed. */
function passesFilter({ repeat, takesNoUnit }: OrderToPlace, refused: Refusal['refused']): boolean {
  if (refused === 'SOLD_OUT') return repeat || takesNoUnit === true;
  return refused === 'CLOSED' && takesNoUnit === true;
}

/** Nothing new is decided of the stock any more. */
function isOver(read: StockRead | undefined): boolean {
  return read?.value ? isClosedForGood({ ...read.value, readAtMs: stampOf(read) ?? 0 }) : false;
}

/** A resend keeps its first stamp where that is known. */
function stamp(order: OrderToPlace, read: StockRead | undefined, replyTo: string): OpenOrder {
  const { orderNo, sid, buyer, mintedAtMs, takesNoUnit = false, maxPriceCents = null } = order;
  const nowMs = stampOf(read);
  const stampMs = order.stampMs ? Math.min(order.stampMs, nowMs ?? order.stampMs) : nowMs;
  const closesAtMs = read?.value?.closesAtMs ?? null;
  return {
    order: {
      orderNo,
      sid,
      buyer,
      mintedAtMs,
      replyTo,
      stampMs,
      takesNoUnit,
      maxPriceCents,
      metClosed: takesNoUnit && (order.metClosed === true || (!!read && refuseOrder(read)?.refused === 'CLOSED')),
    },
    // An earlier record of this number may have been taken before the sale closed: the log's sequence decides which counts.
    mayDecideDirectly: nowMs !== null && (closesAtMs === null || nowMs < closesAtMs),
  };
}

function stampOf(read: StockRead | undefined): number | null {
  return read?.value ? databaseNowMs({ value: read.value, heldMs: read.heldMs }) : null;
}

async function decide(decideDirectly: PlaceDependencies['decideDirectly'], order: LoggedOrder): Promise<Placed> {
  try {
    const outcome = await decideDirectly({ ...order, partition: null, offset: null });
    return isInvalidOrder(outcome) ? { placement: 'REFUSED_MISFIT' } : { placement: 'DECIDED', decided: outcome };
  } catch {
    return { placement: 'UNAVAILABLE', stampMs: order.stampMs ?? 0 };
  }
}
