import { type DecidedOrder, isInvalidOrder, isLadderOrder } from '../../db/orders/decide-batch.ts';
import { type Refusal, refuseOrder } from '../../db/orders/refuse-order.ts';
import { isClosedForGood } from '../../db/stocks/purge-rules.ts';
import { databaseNowMs } from '../../db/stocks/stock-cache.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import { partitionOf } from '../../proto/kafka/partition-of.ts';
import { hasDetails, type OrderDetails } from '../../proto/messages/order-details.ts';
import type { LoggedOrder } from '../../proto/messages/order-record.ts';
import { type Clock, withDeadline } from '../../proto/process/clock.ts';
import type { Fresh, FreshCache } from '../../proto/process/fresh-cache.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import { inStep, type Step } from '../../proto/traces/traces.ts';
import { type DirectDecider, decideDirectly } from './direct-decider.ts';
import { appendOrders, type OrderAppender } from './order-appender.ts';
import type { PendingCounter } from './pending-counter.ts';
import type { EncodeRecords } from './record-encoder.ts';

export type OrderToPlace = {
  orderNo: string;
  sid: number;
  buyer: string;
  mintedAtMs: number;
  /** The consumer has sent this number before, or a buyer polls it. */
  repeat: boolean;
  /** The buyer received 202: the order is not refused before its decision. */
  promised?: boolean;
  /** The order never takes a unit. It is not refused because the stock is sold out or closed. */
  takesNoUnit?: boolean;
  /** With takesNoUnit: the sale was closed when the consumer accepted the order. */
  metClosed?: boolean;
  /** In the smallest unit of the currency; absent: any price. */
  maxPriceCents?: number;
  /** The first stamp of this number; 0 or absent: unknown. */
  stampMs?: number;
  /** 0 or absent: 1. */
  quantity?: number;
  /** Empty or absent: none. */
  reference?: string;
  metadata?: string;
};

export type Placed =
  | { placed: 'REFUSED'; refusal: Refusal | { refused: 'BUSY' } }
  | { placed: 'INVALID' }
  | { placed: 'DECIDED'; decided: DecidedOrder }
  /** UNAVAILABLE: neither the log nor the database answered, but the log may have the order. */
  | { placed: 'APPENDED' | 'UNAVAILABLE'; stampMs: number };

export type OrderPlacer = {
  clock: Clock;
  stocks: FreshCache<number, Stock | null>;
  encodeRecords: EncodeRecords;
  /** Whether records may carry details (ORDER_DETAILS). Otherwise orders with details are refused as busy. */
  takesDetails: boolean;
  pending: Pick<PendingCounter, 'estimate'>;
  appender: OrderAppender;
  decider: DirectDecider;
  /** Called with the size of each batch. */
  onBatch?: ((orders: number) => void) | undefined;
};

// Enough pending orders to sell all units of a stock. Further orders would wait, and then be sold out.
const MIN_PENDING_LIMIT = 2000;
const PENDING_PER_UNIT = 20;

/** A stock read with its judgement at that moment, which is the same for all orders of a batch. */
type JudgedStock = {
  stock: Stock | null;
  read: Fresh<Stock | null>;
  isFresh: boolean;
  /** A lower bound of the database's time; null if there is no such stock. */
  nowMs: number | null;
  /** Of an order of one unit. */
  refusal: Refusal | null;
  /** The sale closed longer ago than the log keeps records: no further order of it is decided. */
  isOver: boolean;
};
/** An order for the log, and whether it may be decided without the log. */
type OpenOrder = { order: LoggedOrder; mayDecideDirectly: boolean };

/**
 * The provider's part of the order path: refuses orders that cannot be sold, stamps the others with a lower bound of the database's time,
 * appends them to the log, and decides directly the orders that the log did not acknowledge. One result per order, in the same order.
 */
export async function placeOrders(
  placer: OrderPlacer,
  orders: OrderToPlace[],
  replyTo: string,
  step: Step | null = null,
): Promise<Placed[]> {
  placer.onBatch?.(orders.length);
  const stocks = await readStocks(placer, new Set(orders.map(({ sid }) => sid)));
  const refused = orders.map((order) => refuse(placer, stocks.get(order.sid), order));
  const open = orders
    .filter((_, i) => refused[i] === null)
    .map((order) => stamp(order, stocks.get(order.sid), replyTo));
  if (open.length === 0) return refused as Placed[];

  const records = placer.encodeRecords(open.map(({ order }) => order));
  const append = () => appendOrders(placer.appender, records);
  const appended = await inStep(step?.startStep('append'), { 'flashsale.orders': open.length }, append);
  const results = await Promise.all(
    open.map(async ({ order, mayDecideDirectly }): Promise<Placed> => {
      const stampMs = order.stampMs ?? 0;
      if (appended.get(partitionOf(order.sid))) return { placed: 'APPENDED', stampMs };
      return mayDecideDirectly ? decide(placer, order) : { placed: 'UNAVAILABLE', stampMs };
    }),
  );
  let next = 0;
  return refused.map((result) => result ?? (results[next++] as Placed));
}

/** Reads the current or last known stocks. A stock that was never read is missing. */
async function readStocks({ clock, stocks }: OrderPlacer, sids: Set<number>): Promise<Map<number, JudgedStock>> {
  const judged = new Map<number, JudgedStock>();
  const deadlineMs = deadlines.PROVIDER_STOCK_READ.ms;
  await Promise.all(
    [...sids].map(async (sid) => {
      const read = await withDeadline(clock, deadlineMs, 'stock', stocks.read(sid)).catch(() => stocks.lastKnown(sid));
      if (read) judged.set(sid, judge(read));
    }),
  );
  return judged;
}

function judge(read: Fresh<Stock | null>): JudgedStock {
  const { value: stock, heldMs } = read;
  const nowMs = stock && databaseNowMs({ value: stock, heldMs });
  return {
    stock,
    read,
    isFresh: read.freshForMs > 0,
    nowMs,
    refusal: refuseOrder(read),
    isOver: stock !== null && isClosedForGood({ ...stock, readAtMs: nowMs ?? 0 }),
  };
}

function refuse(placer: OrderPlacer, judged: JudgedStock | undefined, order: OrderToPlace): Placed | null {
  const stock = judged?.stock;
  if (stock === null && judged?.isFresh) return refusedAs({ refused: 'NO_SUCH_STOCK' });
  // Stocks of kind ladder are sold by the ladder only, and the ladder sells no others.
  if (stock && isLadderOrder(order) !== (stock.kind === 'ladder')) return refusedAs({ refused: 'NO_SUCH_STOCK' });
  if (!placer.takesDetails && hasDetails(detailsOf(order))) return refusedAs({ refused: 'BUSY' });
  const isOver = judged?.isOver === true;
  const quantity = order.quantity ?? 1;
  // The buyer waits for a decision.
  if (order.promised) return isOver ? { placed: 'INVALID' } : null;
  if (order.takesNoUnit && isOver) return refusedAs({ refused: 'CLOSED' });
  // Without a read there is no stamp, and the order would be judged by a later time than its arrival.
  if (!judged || !stock) return refusedAs({ refused: 'BUSY' });
  const refusal = quantity > 1 ? refuseOrder(judged.read, quantity) : judged.refusal;
  if (refusal && !passesFilter(order, refusal.refused)) return refusedAs(refusal);
  const maxPending = Math.max(MIN_PENDING_LIMIT, PENDING_PER_UNIT * (stock.count - stock.sale));
  return !order.repeat && placer.pending.estimate(order.sid) > maxPending ? refusedAs({ refused: 'BUSY' }) : null;
}

function refusedAs(refusal: Refusal | { refused: 'BUSY' }): Placed {
  return { placed: 'REFUSED', refusal };
}

/** A repeat may have been accepted before the stock was sold out or, if it takes no unit, before the sale closed. */
function passesFilter({ repeat, takesNoUnit }: OrderToPlace, refused: Refusal['refused']): boolean {
  if (refused === 'SOLD_OUT' || refused === 'TOO_FEW_LEFT') return repeat || takesNoUnit === true;
  return refused === 'CLOSED' && takesNoUnit === true;
}

function detailsOf({ quantity, reference, metadata }: OrderToPlace): Required<OrderDetails> {
  return { quantity: quantity || 1, reference: reference || null, metadata: metadata || null };
}

/** A repeat keeps its first stamp if that is known. */
function stamp(order: OrderToPlace, judged: JudgedStock | undefined, replyTo: string): OpenOrder {
  const { orderNo, sid, buyer, mintedAtMs, takesNoUnit = false, maxPriceCents = null } = order;
  const nowMs = judged?.nowMs ?? null;
  const stampMs = order.stampMs ? Math.min(order.stampMs, nowMs ?? order.stampMs) : nowMs;
  const closesAtMs = judged?.stock?.closesAtMs ?? null;
  const metClosed = takesNoUnit && (order.metClosed === true || judged?.refusal?.refused === 'CLOSED');
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
      metClosed,
      ...detailsOf(order),
    },
    // An earlier record of this number may have been accepted before the sale closed: the order of the log decides.
    mayDecideDirectly: nowMs !== null && (closesAtMs === null || nowMs < closesAtMs),
  };
}

async function decide({ decider }: OrderPlacer, order: LoggedOrder): Promise<Placed> {
  try {
    const outcome = await decideDirectly(decider, { ...order, partition: null, offset: null });
    return isInvalidOrder(outcome) ? { placed: 'INVALID' } : { placed: 'DECIDED', decided: outcome };
  } catch {
    return { placed: 'UNAVAILABLE', stampMs: order.stampMs ?? 0 };
  }
}
