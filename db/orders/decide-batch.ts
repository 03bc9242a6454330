// The decision as a pure function: no database, no clock. The guarantees of the order path rest on it and on the version check
// under which its result is written.

import type { OrderDetails } from '../../proto/messages/order-details.ts';
import { isClosedForGood } from '../stocks/purge-rules.ts';
import type { StockKind } from '../stocks/stock-table.ts';
import { type Decision, firstState, type OrderState } from './order-states.ts';
import { findWindowRefusal, type SaleWindow } from './sale-window.ts';

/** A stock as the deciding transaction read it. `readAtMs`: the database's clock at that read. */
export type DecidingStock = SaleWindow & {
  sid: number;
  count: number;
  sale: number;
  kind: StockKind;
  priceCents: number;
  maxPerOrder: number;
  /** Units go to offers: no other order is confirmed. */
  offersOnly: boolean;
  readAtMs: number;
};

/** What an order number belongs to. */
export type OrderIdentity = { orderNo: string; sid: number; buyer: string };
/** An order number that was decided before. */
export type KnownOrder = OrderIdentity & DecidedOrder;
/** An order that holds a unit; a buyer has at most one for each stock. */
export type ActiveOrder = OrderIdentity;

export type OrderRequest = OrderIdentity &
  OrderDetails & {
    /**
     * A lower bound of the database's time at which a provider first received this order, in milliseconds since 1970 (UTC). Null or
     * absent: unknown; the order is then judged by the time of its decision.
     */
    stampMs?: number | null;
    /** The order reads what is known of its number and buyer. It never takes a unit. */
    takesNoUnit?: boolean;
    /** With takesNoUnit: the sale was closed when the order was received. */
    metClosed?: boolean;
    /** Highest price of a unit that the buyer accepts, in the currency's smallest unit. Null or absent: any. */
    maxPriceCents?: number | null;
  };

/**
 * The decision on an order number. `liveOrderNo` only with DUPLICATE; `state` is the current state of the order. `unitsLeft`: only with
 * SOLD_OUT of an order that wanted more than the units that were left.
 */
export type DecidedOrder = {
  orderNo: string;
  decision: Decision;
  liveOrderNo: string | null;
  state: OrderState;
  unitsLeft?: number | null;
};
/** An order that cannot be decided. It gets no row. */
export type InvalidOrder = { orderNo: string; invalid: string };
export type Outcome = DecidedOrder | InvalidOrder;

export function isInvalidOrder(outcome: Outcome): outcome is InvalidOrder {
  return 'invalid' in outcome;
}

/** A ladder order has no buyer: its order number stands in the buyer's place. */
export function isLadderOrder({ orderNo, buyer }: Pick<OrderIdentity, 'orderNo' | 'buyer'>): boolean {
  return orderNo === buyer;
}

export type FreshOrder<Request extends OrderRequest> = {
  order: Request;
  decided: DecidedOrder;
  /** The time by which the window was judged, in milliseconds since 1970 (UTC). */
  judgedAtMs: number;
};

export type BatchDecision<Request extends OrderRequest> = {
  /** In the order of the requests. */
  outcomes: Outcome[];
  /** Decided for the first time, in the order of the requests: these become rows. */
  fresh: FreshOrder<Request>[];
  /** Units taken by `fresh`, for every stock it touches, zero included. */
  unitsTaken: Map<number, number>;
};

/** Equal for orders of the same buyer and stock. */
export function buyerKey({ sid, buyer }: Pick<OrderIdentity, 'sid' | 'buyer'>): string {
  return `${sid} ${buyer}`;
}

/**
 * Decides a batch in its order. A known number keeps its decision. Otherwise the stock's window or pause refuses the order, or that its
 * units go to offers; otherwise a buyer with an active order gets DUPLICATE; otherwise, if all its units remain at a price that the buyer accepts, it is CONFIRMED. An order
 * that wants more than is left takes nothing and does not wait: a smaller order behind it may still be confirmed.
 */
export function decideBatch<Request extends OrderRequest>(
  stocks: DecidingStock[],
  known: KnownOrder[],
  active: ActiveOrder[],
  requests: Request[],
): BatchDecision<Request> {
  const stockOf = new Map(stocks.map((stock) => [stock.sid, stock]));
  const left = new Map(stocks.map((stock) => [stock.sid, stock.count - stock.sale]));
  const owners = new Map<string, OrderIdentity>(known.map((order) => [order.orderNo, order]));
  const activeNoOf = new Map(active.map((order) => [buyerKey(order), order.orderNo]));
  const decided = new Map<string, DecidedOrder>(known.map((order) => [order.orderNo, toDecided(order)]));
  const fresh: FreshOrder<Request>[] = [];
  const unitsTaken = new Map<number, number>();

  function decide(request: Request): Outcome {
    const { orderNo, sid, buyer } = request;
    const owner = owners.get(orderNo);
    if (owner && (owner.sid !== sid || owner.buyer !== buyer)) {
      return { orderNo, invalid: 'the number belongs to another stock or buyer' };
    }
    const earlier = decided.get(orderNo);
    if (earlier) return earlier;
    const stock = stockOf.get(sid);
    if (!stock) return { orderNo, invalid: `there is no stock ${sid}` };
    if (isLadderOrder(request) !== (stock.kind === 'ladder')) {
      return { orderNo, invalid: `stock ${sid} is of kind ${stock.kind}` };
    }
    const { quantity = 1 } = request;
    if (isClosedForGood(stock))
      return { orderNo, invalid: `stock ${sid} closed longer ago than the log keeps records` };

    const judgedAtMs = Math.min(request.stampMs ?? stock.readAtMs, stock.readAtMs);
    const activeNo = activeNoOf.get(buyerKey(request)) ?? null;
    const unitsLeft = left.get(sid) ?? 0;
    const decision =
      findWindowRefusal(stock, judgedAtMs) ??
      (stock.offersOnly ? 'ENTRY_REQUIRED' : decideUnit(request, stock, activeNo, unitsLeft));
    const taken = decision === 'CONFIRMED' ? quantity : 0;
    if (taken) activeNoOf.set(buyerKey(request), orderNo);
    left.set(sid, unitsLeft - taken);
    unitsTaken.set(sid, (unitsTaken.get(sid) ?? 0) + taken);
    const outcome: DecidedOrder = {
      orderNo,
      decision,
      liveOrderNo: decision === 'DUPLICATE' ? activeNo : null,
      state: firstState(decision, stock.priceCents === 0 && stock.kind === 'sale'),
    };
    if (decision === 'SOLD_OUT' && unitsLeft > 0 && unitsLeft < quantity) outcome.unitsLeft = unitsLeft;
    owners.set(orderNo, request);
    decided.set(orderNo, outcome);
    fresh.push({ order: request, decided: outcome, judgedAtMs });
    return outcome;
  }

  return { outcomes: requests.map(decide), fresh, unitsTaken };
}

function decideUnit(request: OrderRequest, stock: DecidingStock, activeNo: string | null, unitsLeft: number): Decision {
  if (activeNo) return 'DUPLICATE';
  if (request.metClosed) return 'CLOSED';
  const { quantity = 1, maxPriceCents = null } = request;
  if (quantity > stock.maxPerOrder) return 'QUANTITY_ABOVE_MAX';
  if (unitsLeft < quantity || request.takesNoUnit) return 'SOLD_OUT';
  return maxPriceCents !== null && stock.priceCents > maxPriceCents ? 'PRICE_ABOVE_MAX' : 'CONFIRMED';
}

/** The decision alone. */
export function toDecided({ orderNo, decision, liveOrderNo, state, unitsLeft }: DecidedOrder): DecidedOrder {
  return unitsLeft ? { orderNo, decision, liveOrderNo, state, unitsLeft } : { orderNo, decision, liveOrderNo, state };
}
