// The decision as mathematics: no database, no time. Everything the order path promises rests on this and on the version
// check under which its result is written.

export type Decision = 'CONFIRMED' | 'DUPLICATE' | 'SOLD_OUT';
export type OrderState = 'awaiting_payment' | 'paid' | 'refunded' | 'expired' | 'cancelled' | 'sold_out' | 'duplicate';

/** A stock as the deciding transaction read it. */
export type StockUnits = { sid: number; count: number; sale: number };
/** An order number that has been decided before. */
export type KnownOrder = OrderWish & { decision: Decision; liveOrderNo: string | null; state: OrderState };
/** An order that holds a unit: at most one of a stock and buyer. */
export type LiveOrder = { orderNo: string; sid: number; buyer: string };
export type OrderWish = { orderNo: string; sid: number; buyer: string };

/**
 * What the database says about an order number, for ever. `liveOrderNo` only with DUPLICATE; `state` is what has become of the
 * order when it is asked for again.
 */
export type DecidedOrder = { orderNo: string; decision: Decision; liveOrderNo: string | null; state: OrderState };
/** An order that cannot be decided, and why. It gets no row. */
export type Misfit = { orderNo: string; misfit: string };
export type Outcome = DecidedOrder | Misfit;

export function isMisfit(outcome: Outcome): outcome is Misfit {
  return 'misfit' in outcome;
}

export type BatchDecision<Wish extends OrderWish> = {
  /** One for each wish, in the sequence of the batch. */
  outcomes: Outcome[];
  /** Decided for the first time, in the sequence of the batch: these become rows. */
  fresh: { wish: Wish; decided: DecidedOrder }[];
  /** Units taken by `fresh`, for every stock it touches, zero included. */
  unitsTaken: Map<number, number>;
};

/** The state an order begins with. */
export const FIRST_STATE = {
  CONFIRMED: 'awaiting_payment',
  DUPLICATE: 'duplicate',
  SOLD_OUT: 'sold_out',
} as const satisfies Record<Decision, OrderState>;

/** Which orders of a batch are the same buyer's of the same stock. */
export function buyerKey({ sid, buyer }: { sid: number; buyer: string }): string {
  return `${sid} ${buyer}`;
}

/**
 * Decides a batch in its sequence. A known number keeps its decision; a buyer with a live order gets DUPLICATE; else units
 * remain and it is CONFIRMED, or they do not and it is SOLD_OUT.
 */
export function decideBatch<Wish extends OrderWish>(
  stocks: StockUnits[],
  known: KnownOrder[],
  live: LiveOrder[],
  wishes: Wish[],
): BatchDecision<Wish> {
  const left = new Map(stocks.map((stock) => [stock.sid, stock.count - stock.sale]));
  const owners = new Map<string, OrderWish>(known.map((order) => [order.orderNo, order]));
  const liveOrders = new Map(live.map((order) => [buyerKey(order), order.orderNo]));
  const decided = new Map<string, DecidedOrder>(
    known.map(({ orderNo, decision, liveOrderNo, state }) => [orderNo, { orderNo, decision, liveOrderNo, state }]),
  );
  const fresh: BatchDecision<Wish>['fresh'] = [];
  const unitsTaken = new Map<number, number>();

  function decide(wish: Wish): Outcome {
    const { orderNo, sid, buyer } = wish;
    const owner = owners.get(orderNo);
    if (owner && (owner.sid !== sid || owner.buyer !== buyer)) {
      return { orderNo, misfit: 'the number belongs to another stock or buyer' };
    }
    const earlier = decided.get(orderNo);
    if (earlier) return earlier;
    const unitsLeft = left.get(sid);
    if (unitsLeft === undefined) return { orderNo, misfit: `there is no stock ${sid}` };

    const liveOrderNo = liveOrders.get(buyerKey(wish)) ?? null;
    const decision = liveOrderNo ? 'DUPLICATE' : unitsLeft > 0 ? 'CONFIRMED' : 'SOLD_OUT';
    const taken = decision === 'CONFIRMED' ? 1 : 0;
    if (taken) liveOrders.set(buyerKey(wish), orderNo);
    left.set(sid, unitsLeft - taken);
    unitsTaken.set(sid, (unitsTaken.get(sid) ?? 0) + taken);
    const outcome: DecidedOrder = { orderNo, decision, liveOrderNo, state: FIRST_STATE[decision] };
    owners.set(orderNo, wish);
    decided.set(orderNo, outcome);
    fresh.push({ wish, decided: outcome });
    return outcome;
  }

  return { outcomes: wishes.map(decide), fresh, unitsTaken };
}
