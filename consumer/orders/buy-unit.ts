import type { DecidedOrder } from '../../db/orders/decide-batch.ts';
import { type Refusal, refuseOrder } from '../../db/orders/refuse-order.ts';
import type { Stock } from '../../db/stocks/stock-table.ts';
import { QueueFullError } from '../../proto/kafka/gather-batches.ts';
import { type Clock, settleWithin } from '../../proto/process/clock.ts';
import type { Fresh } from '../../proto/process/keep-fresh.ts';
import { deadlines } from '../../proto/settings/deadlines.ts';
import { nullUnlessFault } from '../http/to-problem.ts';
import type { DecisionWaiters } from './decision-waiters.ts';
import type { OrderToPlace, PlacedBy } from './order-placer.ts';
import type { PlacedOrderNo } from './pending-orders.ts';
import { toDecided } from './subscribe-decisions.ts';

export type BuyRequest = Omit<PlacedOrderNo, 'stampMs' | 'takesNoUnit' | 'metClosed'> & {
  /**
   * The number may have been sent before: it has an idempotency key, and the client does not say that this is the first attempt. It is
   * then looked up before it is refused, and meets "sold out" as an order that takes no unit.
   */
  mayBeKnown: boolean;
  /**
   * The stock was sold out so lately that nginx may still say so to all others. An order that goes past its cache, because it may have
   * been sent before, must not win the unit for that.
   */
  soldOutLately: boolean;
  /** Answer as soon as the log has it. */
  async: boolean;
  /** The stock as it was read last; null: it was never read, and refuses nothing. */
  read: Fresh<Stock | null> | null;
};

/** What a buyer is answered. */
export type Bought =
  | { kind: 'decided'; decided: DecidedOrder }
  /** Turned away before anything was written; the buyer has no order of this stock. */
  | { kind: 'sold_out' }
  | { kind: 'pending' }
  | { kind: 'not_open'; opensAtMs: number }
  /** `busy`: nothing was written. `unavailable`: the log may have the order. */
  | { kind: 'paused' | 'closed' | 'no_such_stock' | 'busy' | 'unavailable' };

export type BuyDependencies = {
  clock: Clock;
  waitMs: number;
  placeOrder(order: OrderToPlace): Promise<PlacedBy>;
  /** The decision of a number, null while there is none. */
  readDecision(orderNo: string): Promise<DecidedOrder | null>;
  /** The live order of this buyer, as the decision it was, or null. */
  findLiveDecision(sid: number, buyer: string): Promise<DecidedOrder | null>;
  waiters: DecisionWaiters;
  undecided: { keep(order: PlacedOrderNo): void; forget(orderNo: string): void; isKept(orderNo: string): boolean };
};

const TOO_LATE = Symbol('too late');
/** Refusals of a provider's filter, which say nothing of an earlier sending. */
const REFUSED_IN_FRONT = new Set<Bought['kind']>(['sold_out', 'not_open', 'paused', 'closed']);
const DECIDED_BY_LOG = new Set<Bought['kind']>(['sold_out', 'closed']);

/** One buyer's way through the order path, from the minted number to an answer that is true. */
export async function buyUnit(dependencies: BuyDependencies, request: BuyRequest): Promise<Bought> {
  const { clock, waitMs } = dependencies;
  const { read, mayBeKnown, soldOutLately } = request;
  const untilMs = clock.nowMs() + waitMs;
  if (read?.value && read.value.kind !== 'sale') return { kind: 'no_such_stock' };
  const refusal = read && refuseOrder(read);
  if (refusal?.refused === 'NO_SUCH_STOCK') return { kind: 'no_such_stock' };
  if (mayBeKnown && (refusal || soldOutLately)) {
    return lookUpFirst(dependencies, request, untilMs, refusal ? toBought(refusal) : { kind: 'sold_out' });
  }
  if (refusal?.refused === 'SOLD_OUT') return soldOut(dependencies, request, untilMs);
  return refusal ? toBought(refusal) : sendAndWait(dependencies, request, untilMs, false);
}

/** Sends the order and waits for its decision. */
async function sendAndWait(
  dependencies: BuyDependencies,
  request: BuyRequest,
  untilMs: number,
  takesNoUnit: boolean,
  metClosed = false,
): Promise<Bought> {
  const { clock, waiters } = dependencies;
  const order = toPlace(request, { takesNoUnit, metClosed });
  let hear: (decided: DecidedOrder) => void = () => undefined;
  const heard = new Promise<DecidedOrder>((resolve) => {
    hear = resolve;
  });
  // A request that waits for the same number here, such as the first half of a double click, has sent it already.
  const isSent = waiters.isAwaited(order.orderNo) && dependencies.undecided.isKept(order.orderNo);
  if (!waiters.join(order.orderNo, hear)) return { kind: 'busy' };
  try {
    const sent = isSent ? Promise.resolve(null) : send(dependencies, order);
    const answer = await firstWithin(clock, untilMs - clock.nowMs(), sent);
    if (answer === TOO_LATE) {
      // It is not known where the order is. It is kept and sent again until it is decided, so 202 is true.
      dependencies.undecided.keep(order);
      return { kind: 'pending' };
    }
    if (answer && REFUSED_IN_FRONT.has(answer.kind)) {
      // A provider of an earlier release does not know such orders.
      if (takesNoUnit) return DECIDED_BY_LOG.has(answer.kind) ? { kind: 'busy' } : answer;
      if (request.mayBeKnown) return lookUpFirst(dependencies, request, untilMs, answer);
      if (answer.kind === 'sold_out') return soldOut(dependencies, request, untilMs);
    }
    if (answer) return answer;
    if (request.async) return { kind: 'pending' };
    return await waitForDecision(dependencies, request, heard, untilMs);
  } finally {
    waiters.leave(order.orderNo, hear);
  }
}

/** A stock with no unit left. The answer depends on whether this buyer has an order. */
async function soldOut(dependencies: BuyDependencies, request: BuyRequest, untilMs: number): Promise<Bought> {
  const { clock, findLiveDecision } = dependencies;
  const { sid, buyer } = request;
  const live = await firstWithin(clock, untilMs - clock.nowMs(), findLiveDecision(sid, buyer)).catch(() => TOO_LATE);
  // Nothing was written.
  if (live === TOO_LATE) return { kind: 'busy' };
  return live ? toDuplicate(request, live as DecidedOrder) : { kind: 'sold_out' };
}

/**
 * An order that may have been sent before and meets a refusal. It is looked up by number and by buyer. If it is unknown and the sale is
 * sold out or closed, its first sending may be on the log all the same, taken in time. It then goes to the log as an order that takes no
 * unit, behind its first sending, and the first of the two decides both. Before the opening and during a pause the refusal stands: the
 * same number may be sent again.
 */
async function lookUpFirst(
  dependencies: BuyDependencies,
  request: BuyRequest,
  untilMs: number,
  refused: Bought,
): Promise<Bought> {
  const { clock, findLiveDecision, readDecision, undecided } = dependencies;
  const { orderNo, sid, buyer } = request;
  const lookUp = Promise.all([readDecision(orderNo), findLiveDecision(sid, buyer)]);
  const found = await firstWithin(clock, untilMs - clock.nowMs(), lookUp).catch(() => TOO_LATE);
  // Nothing was written, and what was written before is not known.
  if (found === TOO_LATE) return { kind: 'busy' };
  const [known, live] = found as [DecidedOrder | null, DecidedOrder | null];
  if (known) return { kind: 'decided', decided: known };
  if (live) return toDuplicate(request, live);
  if (undecided.isKept(orderNo)) return { kind: 'pending' };
  if (!DECIDED_BY_LOG.has(refused.kind)) return refused;
  return sendAndWait(dependencies, request, untilMs, true, refused.kind === 'closed');
}

function toDuplicate({ orderNo }: BuyRequest, live: DecidedOrder): Bought {
  if (live.orderNo === orderNo) return { kind: 'decided', decided: live };
  const decided = { orderNo, decision: 'DUPLICATE', liveOrderNo: live.orderNo, state: 'duplicate' } as const;
  return { kind: 'decided', decided };
}

/** What is kept and sent: no more of the request than that. */
function toPlace(
  { orderNo, sid, buyer, mintedAtMs, maxPriceCents }: BuyRequest,
  terms: Pick<PlacedOrderNo, 'takesNoUnit' | 'metClosed'>,
): PlacedOrderNo {
  return { orderNo, sid, buyer, mintedAtMs, ...terms, ...(maxPriceCents !== undefined && { maxPriceCents }) };
}

function toBought(refusal: Refusal): Bought {
  switch (refusal.refused) {
    case 'NOT_OPEN':
      return { kind: 'not_open', opensAtMs: refusal.opensAtMs };
    case 'PAUSED':
      return { kind: 'paused' };
    case 'CLOSED':
      return { kind: 'closed' };
    case 'NO_SUCH_STOCK':
      return { kind: 'no_such_stock' };
    case 'SOLD_OUT':
      return { kind: 'sold_out' };
    default:
      return refusal satisfies never;
  }
}

/**
 * Sends the order, and once more as a repeat when the answer was lost: the first may have arrived. Null: the log has it, and the
 * decision follows.
 */
async function send(dependencies: BuyDependencies, order: PlacedOrderNo): Promise<Bought | null> {
  const { placeOrder, undecided } = dependencies;
  const first = await placeOrder({ ...order, repeat: false }).catch((error: unknown) =>
    error instanceof QueueFullError ? 'full' : nullUnlessFault(error),
  );
  if (first === 'full') return { kind: 'busy' };
  const placed = first ?? (await placeOrder({ ...order, repeat: true }).catch(() => null));
  // The first may be on the log all the same: what refuses the second is no answer for both.
  if (!first && placed?.placement.startsWith('REFUSED_')) return { kind: 'unavailable' };
  switch (placed?.placement) {
    case 'APPENDED':
      undecided.keep({ ...order, stampMs: placed.stampMs });
      return null;
    case 'DECIDED':
      return placed.decided ? { kind: 'decided', decided: toDecided(placed.decided) } : { kind: 'unavailable' };
    case 'REFUSED_SOLD_OUT':
      return { kind: 'sold_out' };
    case 'REFUSED_NOT_OPEN':
      return { kind: 'not_open', opensAtMs: placed.opensAtMs };
    case 'REFUSED_PAUSED':
      return { kind: 'paused' };
    case 'REFUSED_CLOSED':
      return { kind: 'closed' };
    case 'REFUSED_NO_SUCH_STOCK':
    case 'REFUSED_MISFIT':
      return { kind: 'no_such_stock' };
    case 'REFUSED_BUSY':
      return { kind: 'busy' };
    default:
      return { kind: 'unavailable' };
  }
}

/** Delivered by the worker; or else, when the time is up, read once. */
async function waitForDecision(
  { clock, readDecision, undecided }: BuyDependencies,
  { orderNo }: BuyRequest,
  heard: Promise<DecidedOrder>,
  untilMs: number,
): Promise<Bought> {
  const told = await firstWithin(clock, untilMs - clock.nowMs(), heard);
  const decided =
    told === TOO_LATE
      ? await firstWithin(
          clock,
          deadlines.LAST_LOOK.ms,
          readDecision(orderNo).catch(() => null),
        )
      : told;
  if (!decided || decided === TOO_LATE) return { kind: 'pending' };
  undecided.forget(orderNo);
  return { kind: 'decided', decided };
}

/** What the work resolves with, or TOO_LATE. The work goes on. */
function firstWithin<T>(clock: Clock, delayMs: number, work: Promise<T>): Promise<T | typeof TOO_LATE> {
  return settleWithin<T | typeof TOO_LATE>(clock, Math.max(0, delayMs), work, (resolve) => resolve(TOO_LATE));
}
