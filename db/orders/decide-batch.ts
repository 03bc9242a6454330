// The decision as mathematics: no database, no clock. Everything the order path promises rests on this and on the version
// check under which its result is written.

import type { StockKind } from '../stocks/stock-table.ts';
import { isClosedForGood } from './purge-rules.ts';
import { findWindowRefusal, type SaleWindow } from './sale-window.ts';

export const DECISIONS = [
  'CONFIRMED',
  'DUPLICATE',
  'SOLD_OUT',
  'PAUSED',
  'NOT_OPEN',
  'CLOSED',
  'PRICE_ABOVE_MAX',
] as const;
export type Decision = (typeof DECISIONS)[number];

/** States of an order that was decided CONFIRMED. */
export const CONFIRMED_ORDER_STATES = ['awaiting_payment', 'paid', 'refunded', 'expired', 'cancelled'] as const;
export const ORDER_STATES = [
  ...CONFIRMED_ORDER_STATES,
  'sold_out',
  'duplicate',
  'paused',
  'not_open',
  'closed',
  'price_above_max',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** A stock as the deciding transaction read it. `readAtMs`: the database's clock at that read. */
export type DecidingStock = SaleWindow & {
  sid: number;
  count: number;
  sale: number;
  kind: StockKind;
  priceCents: number;
  readAtMs: number;
};

/** Whose an order number is. */
export type OrderIdentity = { orderNo: string; sid: number; buyer: string };
/** An order number that has been decided before. */
export type KnownOrder = OrderIdentity & { decision: Decision; liveOrderNo: string | null; state: OrderState };
/** An order that holds a unit: at most one of a stock and buyer. */
export type ActiveOrder = OrderIdentity;

export type OrderRequest = OrderIdentity & {
  /**
   * A lower bound of the database's time at which a provider first took this order, in milliseconds since 1970 (UTC). Null or
   * absent: not known; the order is then judged by the time of its decision.
   */
  stampMs?: number | null;
  /** The order asks what is known of its number and buyer. It never takes a unit. */
  takesNoUnit?: boolean;
  /** With takesNoUnit: the sale was closed when the order was taken. */
  metClosed?: boolean;
  /** Highest price that the buyer accepts, in the currency's smallest unit. Null or absent: any. */
  maxPriceCents?: number | null;
};

/**
 * What the database says about an order number, for ever. `liveOrderNo` only with DUPLICATE; `state` is what has become of the
 * order when it is asked for again.
 */
export type DecidedOrder = { orderNo: string; decision: Decision; liveOrderNo: string | null; state: OrderState };
/** An order that cannot be decided, and why. It gets no row. */
export type InvalidOrder = { orderNo: string; misfit: string };
export type Outcome = DecidedOrder | InvalidOrder;

export function isInvalidOrder(outcome: Outcome): outcome is InvalidOrder {
  return 'misfit' in outcome;
}

/** Refusals by the stock's terms at one moment, its window, pause or price, which are changed by hand and not kept. */
export const TERMS_REFUSALS = ['PAUSED', 'NOT_OPEN', 'CLOSED', 'PRICE_ABOVE_MAX'] as const satisfies Decision[];

export function isTermsRefusal(decision: Decision): boolean {
  return (TERMS_REFUSALS as readonly Decision[]).includes(decision);
}

/** An order of the ladder belongs to no buyer: its number stands in the buyer's place. */
export function isLadderOrder({ orderNo, buyer }: { orderNo: string; buyer: string }): boolean {
  return orderNo === buyer;
}

export type FreshOrder<Wish extends OrderRequest> = {
  wish: Wish;
  decided: DecidedOrder;
  /** The time by which the window was judged, in milliseconds since 1970 (UTC). */
  judgedAtMs: number;
};

export type BatchDecision<Wish extends OrderRequest> = {
  /** One for each wish, in the sequence of the batch. */
  outcomes: Outcome[];
  /** Decided for the first time, in the sequence of the batch: these become rows. */
  fresh: FreshOrder<Wish>[];
  /** Units taken by `fresh`, for every stock it touches, zero included. */
  unitsTaken: Map<number, number>;
};

/** The state an order begins with. A free order is paid with its decision: see `firstState`. */
const FIRST_STATE = {
  CONFIRMED: 'awaiting_payment',
  DUPLICATE: 'duplicate',
  SOLD_OUT: 'sold_out',
  PAUSED: 'paused',
  NOT_OPEN: 'not_open',
  CLOSED: 'closed',
  PRICE_ABOVE_MAX: 'price_above_max',
} as const satisfies Record<Decision, OrderState>;

function firstState(decision: Decision, stock: DecidingStock): OrderState {
  const isFree = decision === 'CONFIRMED' && stock.priceCents === 0 && stock.kind === 'sale';
  return isFree ? 'paid' : FIRST_STATE[decision];
}

/** Which orders of a batch are the same buyer's of the same stock. */
export function buyerKey({ sid, buyer }: { sid: number; buyer: string }): string {
  return `${sid} ${buyer}`;
}

/**
 * Decides a batch in its sequence. A known number keeps its decision. Else the stock's window and pause refuse the order; else a
 * buyer with a live order gets DUPLICATE; else units remain, at a price that the buyer accepts, and the order is CONFIRMED.
 */
export function decideBatch<Wish extends OrderRequest>(
  stocks: DecidingStock[],
  known: KnownOrder[],
  live: ActiveOrder[],
  wishes: Wish[],
): BatchDecision<Wish> {
  const stockOf = new Map(stocks.map((stock) => [stock.sid, stock]));
  const left = new Map(stocks.map((stock) => [stock.sid, stock.count - stock.sale]));
  const owners = new Map<string, OrderIdentity>(known.map((order) => [order.orderNo, order]));
  const liveOrders = new Map(live.map((order) => [buyerKey(order), order.orderNo]));
  const decided = new Map<string, DecidedOrder>(
    known.map(({ orderNo, decision, liveOrderNo, state }) => [orderNo, { orderNo, decision, liveOrderNo, state }]),
  );
  const fresh: FreshOrder<Wish>[] = [];
  const unitsTaken = new Map<number, number>();

  function decide(wish: Wish): Outcome {
    const { orderNo, sid, buyer } = wish;
    const owner = owners.get(orderNo);
    if (owner && (owner.sid !== sid || owner.buyer !== buyer)) {
      return { orderNo, misfit: 'the number belongs to another stock or buyer' };
    }
    const earlier = decided.get(orderNo);
    if (earlier) return earlier;
    const stock = stockOf.get(sid);
    if (!stock) return { orderNo, misfit: `there is no stock ${sid}` };
    if (isLadderOrder(wish) !== (stock.kind === 'ladder')) {
      return { orderNo, misfit: `stock ${sid} is of kind ${stock.kind}` };
    }
    if (isClosedForGood(stock)) return { orderNo, misfit: `stock ${sid} closed longer ago than the log keeps records` };

    const judgedAtMs = Math.min(wish.stampMs ?? stock.readAtMs, stock.readAtMs);
    const liveOrderNo = liveOrders.get(buyerKey(wish)) ?? null;
    const unitsLeft = left.get(sid) ?? 0;
    const decision = findWindowRefusal(stock, judgedAtMs) ?? decideUnit(wish, stock, liveOrderNo, unitsLeft);
    const taken = decision === 'CONFIRMED' ? 1 : 0;
    if (taken) liveOrders.set(buyerKey(wish), orderNo);
    left.set(sid, unitsLeft - taken);
    unitsTaken.set(sid, (unitsTaken.get(sid) ?? 0) + taken);
    const outcome: DecidedOrder = {
      orderNo,
      decision,
      liveOrderNo: decision === 'DUPLICATE' ? liveOrderNo : null,
      state: firstState(decision, stock),
    };
    owners.set(orderNo, wish);
    decided.set(orderNo, outcome);
    fresh.push({ wish, decided: outcome, judgedAtMs });
    return outcome;
  }

  return { outcomes: wishes.map(decide), fresh, unitsTaken };
}

function decideUnit(wish: OrderRequest, stock: DecidingStock, liveOrderNo: string | null, unitsLeft: number): Decision {
  if (liveOrderNo) return 'DUPLICATE';
  if (wish.metClosed) return 'CLOSED';
  if (unitsLeft <= 0 || wish.takesNoUnit) return 'SOLD_OUT';
  const { maxPriceCents = null } = wish;
  return maxPriceCents !== null && stock.priceCents > maxPriceCents ? 'PRICE_ABOVE_MAX' : 'CONFIRMED';
}
