import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import { type Refusal, refuseOrder } from '../../db/orders/refuse-order.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import { type Clock, settleWithin } from '../../proto/process/clock.ts';
import type { Fresh } from '../../proto/process/fresh-cache.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import type { Admission } from '../limits/admission.ts';
import type { BuyAnswer } from './buy-answer.ts';
import type { DecisionWaiters } from './decision-waiters.ts';
import { findActiveDecision, type OrderLookUps, readDecision } from './order-look-ups.ts';
import type { PlaceOrder } from './order-placer.ts';
import type { PendingOrders, PlacedOrderNo } from './pending-orders.ts';
import { sendOrder } from './send-order.ts';

export type BuyRequest = Omit<PlacedOrderNo, 'stampMs' | 'takesNoUnit' | 'metClosed'> & {
  /**
   * The number may have been sent before: it has an idempotency key, and the client does not say that this is the first attempt. It is
   * then looked up before it is refused, and an order that meets "sold out" is sent as one that takes no unit.
   */
  mayBeKnown: boolean;
  /**
   * The stock was sold out, or its units went to offers, so recently that nginx may still say so from its cache. An order that bypasses
   * the cache, because it may have been sent before, must not win a unit by that.
   */
  refusedAllLately: boolean;
  /** Milliseconds for which the buyer is kept out of the stock after a cancelled or expired order of it; 0: not kept out. */
  coolingMs: number;
  /** The buyer may not place new orders: only an order that is known already is answered. */
  isBarred: boolean;
  /** Answer as soon as the log has it. */
  async: boolean;
  /** The client waits no longer than this for the decision; undefined: as long as this process does. */
  waitSeconds?: number | undefined;
  /** The last read of the stock; null: it was never read, and refuses nothing. */
  read: Fresh<Stock | null> | null;
};

export type BuyDependencies = {
  clock: Clock;
  /** Longest wait for a decision. */
  waitMs: number;
  placeOrder: PlaceOrder;
  lookUps: OrderLookUps;
  waiters: DecisionWaiters;
  admission: Admission;
  pending: Pick<PendingOrders, 'keep' | 'forget' | 'isKept'>;
};

type Terms = Pick<PlacedOrderNo, 'takesNoUnit' | 'metClosed'>;

const TOO_LATE = Symbol('too late');
const BUSY: BuyAnswer = { kind: 'busy' };
/** Refusals that only the log can confirm for an order that may have been sent before. */
const DECIDED_BY_LOG = new Set<Refusal['refused']>(['SOLD_OUT', 'TOO_FEW_LEFT', 'CLOSED']);

/** Buys the units of an order: refuses the order, or sends it and waits for its decision. */
export async function buyUnit(dependencies: BuyDependencies, request: BuyRequest): Promise<BuyAnswer> {
  const { clock, waitMs } = dependencies;
  const { read, mayBeKnown, refusedAllLately } = request;
  const untilMs = clock.nowMs() + waitMs;
  if (read?.value && read.value.kind !== 'sale') return { kind: 'refused', refused: 'NO_SUCH_STOCK' };
  const refusal = read && refuseOrder(read, request.quantity);
  if (refusal?.refused === 'NO_SUCH_STOCK') return { kind: 'refused', ...refusal };
  if (mayBeKnown && (refusal || refusedAllLately)) {
    return lookUpFirst(dependencies, request, untilMs, refusal ?? { refused: 'SOLD_OUT' });
  }
  if (refusal?.refused === 'SOLD_OUT' || refusal?.refused === 'TOO_FEW_LEFT')
    return answerSoldOut(dependencies, request, untilMs, refusal);
  if (refusal) return { kind: 'refused', ...refusal };
  if (request.isBarred) return (await findKnownAnswer(dependencies, request, untilMs)) ?? { kind: 'barred' };
  if (request.coolingMs > 0) {
    return (await findKnownAnswer(dependencies, request, untilMs)) ?? { kind: 'cooling', leftMs: request.coolingMs };
  }
  if (dependencies.admission.isOverloaded(request.sid)) return turnAway(dependencies, request, untilMs);
  return sendAndWait(dependencies, request, untilMs, { takesNoUnit: false });
}

/**
 * The answer to a new order that could not be decided in time; null: it can. To be called before anything is done for the order. What may have
 * been sent before, or is refused anyway, is left to buyUnit.
 */
export function turnAwayEarly(dependencies: BuyDependencies, request: BuyRequest): Promise<BuyAnswer> | null {
  const { clock, waitMs, admission } = dependencies;
  const { sid, read, mayBeKnown } = request;
  if (mayBeKnown || !admission.isOverloaded(sid) || (read && refuseOrder(read, request.quantity))) return null;
  return turnAway(dependencies, request, clock.nowMs() + waitMs);
}

/** An order that could not be decided in time is not sent. One that was sent before still gets its answer. */
async function turnAway(dependencies: BuyDependencies, request: BuyRequest, untilMs: number): Promise<BuyAnswer> {
  const { clock, waiters, pending, lookUps, admission } = dependencies;
  const { orderNo, sid, mayBeKnown } = request;
  // The other half of a double click.
  if (waiters.isAwaited(orderNo)) return sendAndWait(dependencies, request, untilMs, { takesNoUnit: false });
  if (pending.isKept(orderNo)) return { kind: 'pending' };
  const look = mayBeKnown ? readDecision(lookUps, orderNo).catch(() => null) : Promise.resolve(null);
  const known = await firstWithin(clock, untilMs - clock.nowMs(), look);
  if (known && known !== TOO_LATE) return { kind: 'decided', decided: known };
  return { kind: 'busy', retrySeconds: admission.turnAway(sid) };
}

async function sendAndWait(
  dependencies: BuyDependencies,
  request: BuyRequest,
  untilMs: number,
  terms: Terms,
): Promise<BuyAnswer> {
  const { clock, waiters, pending, admission } = dependencies;
  const order = toPlacedOrder(request, terms);
  const { promise: delivered, resolve: deliver } = Promise.withResolvers<DecidedOrder>();
  // Another request with this number, such as the first half of a double click, has sent it already.
  const isSent = waiters.isAwaited(order.orderNo) && pending.isKept(order.orderNo);
  if (!waiters.join(order.orderNo, deliver)) return BUSY;
  const end = admission.enter(order.sid);
  let served: BuyAnswer | null = null;
  try {
    served = await sendJoined(dependencies, request, untilMs, terms, { order, isSent, delivered });
    return served;
  } finally {
    waiters.leave(order.orderNo, deliver);
    const isServed = served !== null && served.kind !== 'busy' && served.kind !== 'unavailable';
    end(isServed && clock.nowMs() < untilMs);
  }
}

type Joined = { order: PlacedOrderNo; isSent: boolean; delivered: Promise<DecidedOrder> };

async function sendJoined(
  dependencies: BuyDependencies,
  request: BuyRequest,
  untilMs: number,
  terms: Terms,
  { order, isSent, delivered }: Joined,
): Promise<BuyAnswer> {
  const { clock, pending } = dependencies;
  const sent = isSent ? Promise.resolve(null) : sendOrder(dependencies, order);
  const answer = await firstWithin(clock, untilMs - clock.nowMs(), sent);
  if (answer === TOO_LATE) {
    // Whether the log has the order is unknown. It is sent again until it is decided, so 202 is true.
    pending.keep(order);
    return { kind: 'pending' };
  }
  if (answer?.kind === 'refused') return answerRefusal(dependencies, request, untilMs, terms, answer);
  if (answer) return answer;
  if (request.async) return { kind: 'pending' };
  const { waitSeconds } = request;
  const isImpatient = waitSeconds !== undefined;
  const patienceMs = isImpatient ? untilMs - dependencies.waitMs + waitSeconds * 1000 : untilMs;
  return waitForDecision(dependencies, request, delivered, Math.min(untilMs, patienceMs));
}

/** A provider's filter refuses the order. This says nothing of an earlier sending of the same number. */
async function answerRefusal(
  dependencies: BuyDependencies,
  request: BuyRequest,
  untilMs: number,
  { takesNoUnit }: Terms,
  answer: BuyAnswer & Refusal,
): Promise<BuyAnswer> {
  if (answer.refused === 'NO_SUCH_STOCK') return answer;
  // A provider of an earlier release does not know orders that take no unit.
  if (takesNoUnit) return DECIDED_BY_LOG.has(answer.refused) ? BUSY : answer;
  if (request.mayBeKnown) return lookUpFirst(dependencies, request, untilMs, answer);
  const isSoldOut = answer.refused === 'SOLD_OUT' || answer.refused === 'TOO_FEW_LEFT';
  return isSoldOut ? answerSoldOut(dependencies, request, untilMs, answer) : answer;
}

/** Too few units are left: the answer depends on whether this buyer has an order. */
async function answerSoldOut(
  { clock, lookUps }: BuyDependencies,
  request: BuyRequest,
  untilMs: number,
  refusal: Refusal,
): Promise<BuyAnswer> {
  const { sid, buyer } = request;
  const look = findActiveDecision(lookUps, { sid, buyer });
  const active = await firstWithin(clock, untilMs - clock.nowMs(), look).catch(() => TOO_LATE);
  // Nothing was written.
  if (active === TOO_LATE) return BUSY;
  return active ? toDuplicate(request, active as DecidedOrder) : { kind: 'refused', ...refusal };
}

/**
 * An order that may have been sent before meets a refusal: it is looked up by number and by buyer. If it is unknown and the sale is sold
 * out or closed, the log may still hold its first sending, taken in time. It then goes to the log as an order that takes no unit, behind
 * its first sending, and the first of the two decides both. Before the opening and during a pause the refusal stands: the same number can
 * be sent again.
 */
async function lookUpFirst(
  dependencies: BuyDependencies,
  request: BuyRequest,
  untilMs: number,
  refusal: Refusal,
): Promise<BuyAnswer> {
  const known = await findKnownAnswer(dependencies, request, untilMs);
  if (known) return known;
  if (!DECIDED_BY_LOG.has(refusal.refused)) return { kind: 'refused', ...refusal };
  return sendAndWait(dependencies, request, untilMs, { takesNoUnit: true, metClosed: refusal.refused === 'CLOSED' });
}

/** The answer to an order that has a row, is kept as pending, or whose buyer has an active order; null: to none of these. */
async function findKnownAnswer(
  { clock, lookUps, pending }: BuyDependencies,
  request: BuyRequest,
  untilMs: number,
): Promise<BuyAnswer | null> {
  const { orderNo, sid, buyer } = request;
  const looks = Promise.all([readDecision(lookUps, orderNo), findActiveDecision(lookUps, { sid, buyer })]);
  const found = await firstWithin(clock, untilMs - clock.nowMs(), looks).catch(() => TOO_LATE);
  // This request wrote nothing; whether an earlier one did is unknown.
  if (found === TOO_LATE) return BUSY;
  const [known, active] = found as Awaited<typeof looks>;
  if (known) return { kind: 'decided', decided: known };
  if (active) return toDuplicate(request, active);
  return pending.isKept(orderNo) ? { kind: 'pending' } : null;
}

function toDuplicate({ orderNo }: BuyRequest, active: DecidedOrder): BuyAnswer {
  if (active.orderNo === orderNo) return { kind: 'decided', decided: active };
  const decided = { orderNo, decision: 'DUPLICATE', liveOrderNo: active.orderNo, state: 'duplicate' } as const;
  return { kind: 'decided', decided };
}

/** The part of the request that is sent and kept. */
function toPlacedOrder(request: BuyRequest, { takesNoUnit, metClosed = false }: Terms): PlacedOrderNo {
  const { orderNo, sid, buyer, mintedAtMs, maxPriceCents, quantity, reference, metadata } = request;
  const order: PlacedOrderNo = { orderNo, sid, buyer, mintedAtMs, takesNoUnit, metClosed };
  if (maxPriceCents !== undefined) order.maxPriceCents = maxPriceCents;
  if (quantity !== undefined) order.quantity = quantity;
  if (reference !== undefined) order.reference = reference;
  if (metadata !== undefined) order.metadata = metadata;
  return order;
}

/** The decision that is delivered; when the time is up, the row is read once. */
async function waitForDecision(
  { clock, lookUps, pending }: BuyDependencies,
  { orderNo }: BuyRequest,
  delivered: Promise<DecidedOrder>,
  untilMs: number,
): Promise<BuyAnswer> {
  let decided: DecidedOrder | typeof TOO_LATE | null = await firstWithin(clock, untilMs - clock.nowMs(), delivered);
  if (decided === TOO_LATE) {
    const look = readDecision(lookUps, orderNo).catch(() => null);
    decided = await firstWithin(clock, deadlines.LAST_LOOK.ms, look);
  }
  if (!decided || decided === TOO_LATE) return { kind: 'pending' };
  pending.forget(orderNo);
  return { kind: 'decided', decided };
}

/** The result of the work, or TOO_LATE. The work goes on. */
function firstWithin<T>(clock: Clock, delayMs: number, work: Promise<T>): Promise<T | typeof TOO_LATE> {
  return settleWithin<T | typeof TOO_LATE>(clock, Math.max(0, delayMs), work, (resolve) => resolve(TOO_LATE));
}
